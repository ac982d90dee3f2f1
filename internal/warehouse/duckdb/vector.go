package duckdb

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"inlay/internal/frame"
)

// reader copies vectors of one type out of DuckDB's memory.
type reader struct {
	kind   frame.Kind
	name   string
	column func(v bindings.Vector, rows int) frame.Column
}

// readerOf chooses the reader of a type; types without one are an error that names them.
func readerOf(logical bindings.LogicalType) (reader, error) {
	id := bindings.GetTypeId(logical)
	switch id {
	case bindings.TypeBoolean:
		return reader{frame.Bool, "BOOLEAN", readBools}, nil
	case bindings.TypeTinyInt:
		return ints[int8]("TINYINT"), nil
	case bindings.TypeSmallInt:
		return ints[int16]("SMALLINT"), nil
	case bindings.TypeInteger:
		return ints[int32]("INTEGER"), nil
	case bindings.TypeBigInt:
		return ints[int64]("BIGINT"), nil
	case bindings.TypeUTinyInt:
		return ints[uint8]("UTINYINT"), nil
	case bindings.TypeUSmallInt:
		return ints[uint16]("USMALLINT"), nil
	case bindings.TypeUInteger:
		return ints[uint32]("UINTEGER"), nil
	case bindings.TypeUBigInt:
		return wide("UBIGINT", func(n *uint64) huge { return huge{lower: *n} }), nil
	case bindings.TypeHugeInt:
		return wide("HUGEINT", func(n *huge) huge { return *n }), nil
	case bindings.TypeUHugeInt:
		return floats("UHUGEINT", func(n *huge) float64 { return float64(uint64(n.upper))*0x1p64 + float64(n.lower) }), nil
	case bindings.TypeFloat:
		return floats("FLOAT", func(n *float32) float64 {
			f, _ := strconv.ParseFloat(strconv.FormatFloat(float64(*n), 'g', -1, 32), 64) // 0.1 stays 0.1
			return f
		}), nil
	case bindings.TypeDouble:
		return floats("DOUBLE", func(n *float64) float64 { return *n }), nil
	case bindings.TypeDecimal:
		return decimals(logical), nil
	case bindings.TypeDate:
		return instants(frame.Date, "DATE", 1, 1, func(n *int32) (int64, bool) { return int64(*n), *n < math.MaxInt32 && *n > -math.MaxInt32 }), nil
	case bindings.TypeTimestamp:
		return instants(frame.Timestamp, "TIMESTAMP", 1, 1, finite), nil
	case bindings.TypeTimestampTZ:
		return instants(frame.Timestamp, "TIMESTAMP WITH TIME ZONE", 1, 1, finite), nil
	case bindings.TypeTimestampS:
		return instants(frame.Timestamp, "TIMESTAMP_S", 1_000_000, 1, finite), nil
	case bindings.TypeTimestampMS:
		return instants(frame.Timestamp, "TIMESTAMP_MS", 1000, 1, finite), nil
	case bindings.TypeTimestampNS:
		return instants(frame.Timestamp, "TIMESTAMP_NS", 1, 1000, finite), nil
	case bindings.TypeVarchar:
		if bindings.LogicalTypeGetAlias(logical) == "JSON" {
			return reader{frame.JSON, "JSON", func(v bindings.Vector, rows int) frame.Column { return readTexts(frame.JSON, v, rows) }}, nil
		}
		return reader{frame.String, "VARCHAR", func(v bindings.Vector, rows int) frame.Column { return readTexts(frame.String, v, rows) }}, nil
	case bindings.TypeTime, bindings.TypeUUID, bindings.TypeSQLNull:
		write, err := writerOf(logical)
		return texts(frame.String, typeName(id), write, true), err
	}
	write, err := writerOf(logical)
	if id == bindings.TypeEnum {
		return texts(frame.String, "ENUM", write, true), err
	}
	return texts(frame.JSON, typeName(id), write, false), err
}

func typeName(id bindings.Type) string {
	switch id {
	case bindings.TypeTime:
		return "TIME"
	case bindings.TypeUUID:
		return "UUID"
	case bindings.TypeInterval:
		return "INTERVAL"
	case bindings.TypeBlob:
		return "BLOB"
	case bindings.TypeList, bindings.TypeArray:
		return "LIST"
	case bindings.TypeStruct:
		return "STRUCT"
	case bindings.TypeMap:
		return "MAP"
	case bindings.TypeSQLNull:
		return "NULL"
	}
	return fmt.Sprintf("type %d", id)
}

// cells sees a vector's memory as values of a type.
func cells[T any](v bindings.Vector, rows int) []T {
	return unsafe.Slice((*T)(bindings.VectorGetData(v)), rows)
}

// nulls copies the marks of missing values; nil when there are none.
func nulls(v bindings.Vector, rows int) []bool {
	mask := bindings.VectorGetValidity(v)
	if mask == nil {
		return nil
	}
	words := unsafe.Slice((*uint64)(mask), (rows+63)/64)
	var marks []bool
	for i := range rows {
		if words[i/64]&(1<<(i%64)) == 0 {
			if marks == nil {
				marks = make([]bool, rows)
			}
			marks[i] = true
		}
	}
	return marks
}

func readBools(v bindings.Vector, rows int) frame.Column {
	c := frame.Column{Kind: frame.Bool, Nulls: nulls(v, rows), Bools: make([]bool, rows)}
	for i, b := range cells[uint8](v, rows) {
		c.Bools[i] = b == 1
	}
	return c
}

type whole interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32
}

func ints[T whole](name string) reader {
	return reader{frame.Int, name, func(v bindings.Vector, rows int) frame.Column {
		c := frame.Column{Kind: frame.Int, Nulls: nulls(v, rows), Ints: make([]int64, rows)}
		for i, n := range cells[T](v, rows) {
			c.Ints[i] = int64(n)
		}
		return c
	}}
}

func floats[T any](name string, convert func(*T) float64) reader {
	return reader{frame.Float, name, func(v bindings.Vector, rows int) frame.Column {
		c := frame.Column{Kind: frame.Float, Nulls: nulls(v, rows), Floats: make([]float64, rows)}
		values := cells[T](v, rows)
		for i := range values {
			if !c.Null(i) {
				c.Floats[i] = convert(&values[i])
			}
		}
		return c
	}}
}

// huge is DuckDB's 128-bit integer.
type huge struct {
	lower uint64
	upper int64
}

func (h huge) small() (int64, bool) {
	n := int64(h.lower)
	return n, (h.upper == 0 && n >= 0) || (h.upper == -1 && n < 0)
}

func (h huge) float() float64 {
	f, _ := new(big.Float).SetInt(h.big()).Float64()
	return f
}

func (h huge) big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(h.upper), 64)
	return n.Add(n, new(big.Int).SetUint64(h.lower))
}

// wide gives whole numbers where all of a batch fit in 64 bits, and doubles else.
func wide[T any](name string, convert func(*T) huge) reader {
	return reader{frame.Int, name, func(v bindings.Vector, rows int) frame.Column {
		c := frame.Column{Kind: frame.Int, Nulls: nulls(v, rows), Ints: make([]int64, rows)}
		values := cells[T](v, rows)
		for i := range values {
			if c.Null(i) {
				continue
			}
			n, fits := convert(&values[i]).small()
			if !fits {
				return floats(name, func(n *T) float64 { return convert(n).float() }).column(v, rows)
			}
			c.Ints[i] = n
		}
		return c
	}}
}

func decimals(logical bindings.LogicalType) reader {
	width, scale := bindings.DecimalWidth(logical), bindings.DecimalScale(logical)
	name, power := fmt.Sprintf("DECIMAL(%d,%d)", width, scale), math.Pow10(int(scale))
	switch bindings.DecimalInternalType(logical) {
	case bindings.TypeSmallInt:
		return floats(name, func(n *int16) float64 { return float64(*n) / power })
	case bindings.TypeInteger:
		return floats(name, func(n *int32) float64 { return float64(*n) / power })
	case bindings.TypeBigInt:
		return floats(name, func(n *int64) float64 { return scaled(huge{uint64(*n), *n >> 63}, power) })
	}
	return floats(name, func(n *huge) float64 { return scaled(*n, power) })
}

// scaled is the double nearest to n / power.
func scaled(n huge, power float64) float64 {
	if small, ok := n.small(); ok && small < 1<<53 && small > -1<<53 && power <= 1e22 {
		return float64(small) / power
	}
	divisor, _ := new(big.Float).SetFloat64(power).Int(nil)
	f, _ := new(big.Rat).SetFrac(n.big(), divisor).Float64()
	return f
}

func finite(n *int64) (int64, bool) { return *n, *n != math.MaxInt64 && *n != -math.MaxInt64 }

// instants reads dates and times; the infinite ones have no JSON form and are missing.
func instants[T any](kind frame.Kind, name string, times, by int64, convert func(*T) (int64, bool)) reader {
	return reader{kind, name, func(v bindings.Vector, rows int) frame.Column {
		c := frame.Column{Kind: kind, Nulls: nulls(v, rows), Ints: make([]int64, rows)}
		values := cells[T](v, rows)
		for i := range values {
			n, ok := convert(&values[i])
			if !ok && !c.Null(i) {
				if c.Nulls == nil {
					c.Nulls = make([]bool, rows)
				}
				c.Nulls[i] = true
			}
			c.Ints[i] = n * times / by
		}
		return c
	}}
}

// text is DuckDB's string: short ones inline, long ones behind a pointer.
type text struct {
	length uint32
	prefix [4]byte
	tail   [8]byte
}

func (t *text) bytes() []byte {
	if t.length <= 12 {
		return unsafe.Slice(&t.prefix[0], t.length)
	}
	return unsafe.Slice(*(**byte)(unsafe.Pointer(&t.tail)), t.length)
}

// readTexts copies all texts of a vector into one block.
func readTexts(kind frame.Kind, v bindings.Vector, rows int) frame.Column {
	c := frame.Column{Kind: kind, Nulls: nulls(v, rows), Strings: make([]string, rows)}
	values, size := cells[text](v, rows), 0
	for i := range values {
		if !c.Null(i) {
			size += int(values[i].length)
		}
	}
	block := make([]byte, 0, size)
	for i := range values {
		if !c.Null(i) && values[i].length > 0 {
			start := len(block)
			block = append(block, values[i].bytes()...)
			c.Strings[i] = unsafe.String(&block[start], len(block)-start)
		}
	}
	return c
}

// texts reads what is written as text or JSON, value by value.
func texts(kind frame.Kind, name string, write writer, bare bool) reader {
	return reader{kind, name, func(v bindings.Vector, rows int) frame.Column {
		c := frame.Column{Kind: kind, Nulls: nulls(v, rows), Strings: make([]string, rows)}
		var scratch []byte
		for i := range rows {
			if c.Null(i) {
				continue
			}
			scratch = write(scratch[:0], v, i)
			if bare && len(scratch) >= 2 && scratch[0] == '"' {
				scratch = scratch[1 : len(scratch)-1]
			}
			c.Strings[i] = string(scratch)
		}
		return c
	}}
}

func appendClock(dst []byte, microseconds int64) []byte {
	t := time.UnixMicro(microseconds).UTC()
	return t.AppendFormat(dst, "15:04:05.999999")
}

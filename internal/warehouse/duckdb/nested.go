package duckdb

import (
	"encoding/hex"
	"fmt"
	"unsafe"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// writer writes row i of a vector, which isn't null, as JSON.
type writer func(dst []byte, v bindings.Vector, i int) []byte

// writerOf makes the JSON writer of any type that has one.
func writerOf(logical bindings.LogicalType) (writer, error) {
	switch id := bindings.GetTypeId(logical); id {
	case bindings.TypeSQLNull:
		return func(dst []byte, _ bindings.Vector, _ int) []byte { return append(dst, "null"...) }, nil
	case bindings.TypeTime:
		return quoted(func(dst []byte, v bindings.Vector, i int) []byte { return appendClock(dst, at[int64](v, i)) }), nil
	case bindings.TypeUUID:
		return quoted(func(dst []byte, v bindings.Vector, i int) []byte { return appendUUID(dst, at[huge](v, i)) }), nil
	case bindings.TypeInterval:
		return func(dst []byte, v bindings.Vector, i int) []byte {
			value := at[interval](v, i)
			return warehouse.AppendInterval(dst, value.months, value.days, value.micros)
		}, nil
	case bindings.TypeBlob:
		return writeBlob, nil
	case bindings.TypeEnum:
		return enumWriter(logical), nil
	case bindings.TypeList, bindings.TypeMap:
		return listWriter(logical, id == bindings.TypeMap)
	case bindings.TypeArray:
		return arrayWriter(logical)
	case bindings.TypeStruct:
		return structWriter(logical)
	case bindings.TypeTimeTZ, bindings.TypeBit, bindings.TypeBigNum, bindings.TypeUnion, bindings.TypeGeometry, bindings.TypeVariant,
		bindings.TypeTimeNS, bindings.TypeAny, bindings.TypeInvalid:
		return nil, fmt.Errorf("its type (%d) has no form here", id)
	}
	flat, err := readerOf(logical)
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v bindings.Vector, i int) []byte {
		c := flat.column(v, i+1)
		return frame.AppendRaw(dst, &c, i, false)
	}, nil
}

func at[T any](v bindings.Vector, i int) T {
	var zero T
	return *(*T)(unsafe.Add(bindings.VectorGetData(v), uintptr(i)*unsafe.Sizeof(zero)))
}

func valid(v bindings.Vector, i int) bool {
	mask := bindings.VectorGetValidity(v)
	return mask == nil || bindings.ValidityRowIsValid(mask, bindings.IdxT(i))
}

// item writes one value inside of another: there, null is written out.
func item(dst []byte, write writer, v bindings.Vector, i int) []byte {
	if !valid(v, i) {
		return append(dst, "null"...)
	}
	return write(dst, v, i)
}

func quoted(write writer) writer {
	return func(dst []byte, v bindings.Vector, i int) []byte {
		return append(write(append(dst, '"'), v, i), '"')
	}
}

func appendUUID(dst []byte, h huge) []byte {
	var raw [16]byte
	upper := uint64(h.upper) ^ 1<<63 // stored so that it sorts as a signed number
	for i := range 8 {
		raw[i], raw[8+i] = byte(upper>>(56-8*i)), byte(h.lower>>(56-8*i))
	}
	for i, part := range [][]byte{raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:]} {
		if i > 0 {
			dst = append(dst, '-')
		}
		dst = hex.AppendEncode(dst, part)
	}
	return dst
}

type interval struct {
	months, days int32
	micros       int64
}

func writeBlob(dst []byte, v bindings.Vector, i int) []byte {
	value := at[text](v, i)
	return warehouse.AppendBytes(dst, value.bytes())
}

func enumWriter(logical bindings.LogicalType) writer {
	words := make([]string, bindings.EnumDictionarySize(logical))
	for i := range words {
		words[i] = bindings.EnumDictionaryValue(logical, bindings.IdxT(i))
	}
	index := func(v bindings.Vector, i int) int { return int(at[uint32](v, i)) }
	switch bindings.EnumInternalType(logical) {
	case bindings.TypeUTinyInt:
		index = func(v bindings.Vector, i int) int { return int(at[uint8](v, i)) }
	case bindings.TypeUSmallInt:
		index = func(v bindings.Vector, i int) int { return int(at[uint16](v, i)) }
	}
	return quoted(func(dst []byte, v bindings.Vector, i int) []byte { return append(dst, words[index(v, i)]...) })
}

type span struct{ offset, length uint64 }

// listWriter writes lists as arrays, and maps, which are lists of keys and values, as objects.
func listWriter(logical bindings.LogicalType, isMap bool) (writer, error) {
	if isMap {
		return mapWriter(logical)
	}
	child := bindings.ListTypeChildType(logical)
	defer bindings.DestroyLogicalType(&child)
	write, err := writerOf(child)
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v bindings.Vector, i int) []byte {
		place := at[span](v, i)
		return appendItems(dst, write, bindings.ListVectorGetChild(v), int(place.offset), int(place.length))
	}, nil
}

func arrayWriter(logical bindings.LogicalType) (writer, error) {
	child, size := bindings.ArrayTypeChildType(logical), int(bindings.ArrayTypeArraySize(logical))
	defer bindings.DestroyLogicalType(&child)
	write, err := writerOf(child)
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v bindings.Vector, i int) []byte {
		return appendItems(dst, write, bindings.ArrayVectorGetChild(v), i*size, size)
	}, nil
}

func appendItems(dst []byte, write writer, items bindings.Vector, from, count int) []byte {
	dst = append(dst, '[')
	for n := range count {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = item(dst, write, items, from+n)
	}
	return append(dst, ']')
}

func mapWriter(logical bindings.LogicalType) (writer, error) {
	key, value := bindings.MapTypeKeyType(logical), bindings.MapTypeValueType(logical)
	defer bindings.DestroyLogicalType(&key)
	defer bindings.DestroyLogicalType(&value)
	writeKey, err := writerOf(key)
	if err != nil {
		return nil, err
	}
	writeValue, err := writerOf(value)
	if err != nil {
		return nil, err
	}
	return func(dst []byte, v bindings.Vector, i int) []byte {
		place, pairs := at[span](v, i), bindings.ListVectorGetChild(v)
		keys, values := bindings.StructVectorGetChild(pairs, 0), bindings.StructVectorGetChild(pairs, 1)
		dst = append(dst, '{')
		for n := range int(place.length) {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = appendKey(dst, item(nil, writeKey, keys, int(place.offset)+n))
			dst = item(dst, writeValue, values, int(place.offset)+n)
		}
		return append(dst, '}')
	}, nil
}

// appendKey makes a JSON value the name of an object's member.
func appendKey(dst, key []byte) []byte {
	if len(key) > 0 && key[0] == '"' {
		return append(append(dst, key...), ':')
	}
	return append(frame.AppendQuoted(dst, string(key)), ':')
}

func structWriter(logical bindings.LogicalType) (writer, error) {
	count := int(bindings.StructTypeChildCount(logical))
	names, writers := make([][]byte, count), make([]writer, count)
	for n := range count {
		names[n] = append(frame.AppendQuoted(nil, bindings.StructTypeChildName(logical, bindings.IdxT(n))), ':')
		child := bindings.StructTypeChildType(logical, bindings.IdxT(n))
		write, err := writerOf(child)
		bindings.DestroyLogicalType(&child)
		if err != nil {
			return nil, err
		}
		writers[n] = write
	}
	return func(dst []byte, v bindings.Vector, i int) []byte {
		dst = append(dst, '{')
		for n, write := range writers {
			if n > 0 {
				dst = append(dst, ',')
			}
			dst = item(append(dst, names[n]...), write, bindings.StructVectorGetChild(v, bindings.IdxT(n)), i)
		}
		return append(dst, '}')
	}, nil
}

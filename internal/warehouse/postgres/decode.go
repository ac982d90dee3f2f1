package postgres

import (
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// decoder adds a value in PostgreSQL's wire form to a column.
type decoder struct {
	kind frame.Kind
	add  func(c *frame.Column, data []byte) error
}

var errShort = errors.New("value is shorter than its type")

// decoderOf chooses by type; types in text form and types that nobody knows are text.
func decoderOf(field pgconn.FieldDescription, types *pgtype.Map) decoder {
	if field.Format != pgtype.BinaryFormatCode {
		if field.DataTypeOID == pgtype.JSONOID || field.DataTypeOID == pgtype.JSONBOID {
			return decoder{frame.JSON, addText}
		}
		return decoder{frame.String, addText}
	}
	switch field.DataTypeOID {
	case pgtype.BoolOID:
		return decoder{frame.Bool, sized(1, func(c *frame.Column, d []byte) { c.Bools = append(c.Bools, d[0] == 1) })}
	case pgtype.Int2OID:
		return integer(2, func(d []byte) int64 { return int64(int16(binary.BigEndian.Uint16(d))) })
	case pgtype.Int4OID:
		return integer(4, func(d []byte) int64 { return int64(int32(binary.BigEndian.Uint32(d))) })
	case pgtype.OIDOID:
		return integer(4, func(d []byte) int64 { return int64(binary.BigEndian.Uint32(d)) })
	case pgtype.Int8OID:
		return integer(8, func(d []byte) int64 { return int64(binary.BigEndian.Uint64(d)) })
	case pgtype.Float4OID:
		return decoder{frame.Float, sized(4, func(c *frame.Column, d []byte) {
			single := math.Float32frombits(binary.BigEndian.Uint32(d))
			double, _ := strconv.ParseFloat(strconv.FormatFloat(float64(single), 'g', -1, 32), 64) // 0.1 stays 0.1
			c.Floats = append(c.Floats, double)
		})}
	case pgtype.Float8OID:
		return decoder{frame.Float, sized(8, func(c *frame.Column, d []byte) {
			c.Floats = append(c.Floats, math.Float64frombits(binary.BigEndian.Uint64(d)))
		})}
	case pgtype.NumericOID:
		return decoder{frame.Float, addNumeric}
	case pgtype.DateOID:
		return decoder{frame.Date, sized(4, addDate)}
	case pgtype.TimestampOID, pgtype.TimestamptzOID:
		return decoder{frame.Timestamp, sized(8, addTimestamp)}
	case pgtype.TimeOID:
		return decoder{frame.String, sized(8, func(c *frame.Column, d []byte) {
			at := time.UnixMicro(int64(binary.BigEndian.Uint64(d))).UTC()
			c.Strings = append(c.Strings, at.Format("15:04:05.999999"))
		})}
	case pgtype.TextOID, pgtype.VarcharOID, pgtype.BPCharOID, pgtype.NameOID, pgtype.UnknownOID, pgtype.QCharOID:
		return decoder{frame.String, addText}
	case pgtype.JSONOID:
		return decoder{frame.JSON, addText}
	case pgtype.JSONBOID:
		return decoder{frame.JSON, func(c *frame.Column, d []byte) error { return addText(c, d[min(1, len(d)):]) }} // a version byte
	case pgtype.UUIDOID:
		return decoder{frame.String, sized(16, addUUID)}
	case pgtype.ByteaOID:
		return decoder{frame.JSON, func(c *frame.Column, d []byte) error {
			c.Strings = append(c.Strings, string(warehouse.AppendBytes(nil, d)))
			return nil
		}}
	case pgtype.IntervalOID:
		return decoder{frame.JSON, sized(16, addInterval)}
	}
	return general(field, types)
}

func sized(n int, add func(c *frame.Column, data []byte)) func(*frame.Column, []byte) error {
	return func(c *frame.Column, data []byte) error {
		if len(data) < n {
			return errShort
		}
		add(c, data)
		return nil
	}
}

func integer(n int, read func([]byte) int64) decoder {
	return decoder{frame.Int, sized(n, func(c *frame.Column, d []byte) { c.Ints = append(c.Ints, read(d)) })}
}

func addText(c *frame.Column, data []byte) error {
	c.Strings = append(c.Strings, string(data))
	return nil
}

const (
	epochDays         = 10957 // 2000-01-01, where PostgreSQL counts from
	epochMicroseconds = epochDays * 86400 * 1_000_000
)

// The infinite dates and times have no JSON form and are missing.
func addDate(c *frame.Column, data []byte) {
	days := int32(binary.BigEndian.Uint32(data))
	if days == math.MaxInt32 || days == math.MinInt32 {
		c.AppendNull()
		return
	}
	c.Ints = append(c.Ints, int64(days)+epochDays)
}

func addTimestamp(c *frame.Column, data []byte) {
	at := int64(binary.BigEndian.Uint64(data))
	if at == math.MaxInt64 || at == math.MinInt64 {
		c.AppendNull()
		return
	}
	c.Ints = append(c.Ints, at+epochMicroseconds)
}

func addInterval(c *frame.Column, data []byte) {
	micros := int64(binary.BigEndian.Uint64(data))
	days, months := int32(binary.BigEndian.Uint32(data[8:])), int32(binary.BigEndian.Uint32(data[12:]))
	c.Strings = append(c.Strings, string(warehouse.AppendInterval(nil, months, days, micros)))
}

func addUUID(c *frame.Column, data []byte) {
	var out [36]byte
	text := hex.AppendEncode(out[:0], data[:4])
	for _, part := range [][]byte{data[4:6], data[6:8], data[8:10], data[10:16]} {
		text = hex.AppendEncode(append(text, '-'), part)
	}
	c.Strings = append(c.Strings, string(text))
}

// addNumeric reads groups of four decimal digits, and rounds them once to the nearest double.
func addNumeric(c *frame.Column, data []byte) error {
	if len(data) < 8 {
		return errShort
	}
	groups, weight := int(binary.BigEndian.Uint16(data)), int(int16(binary.BigEndian.Uint16(data[2:])))
	switch sign := binary.BigEndian.Uint16(data[4:]); sign {
	case 0xC000:
		c.Floats = append(c.Floats, math.NaN())
		return nil
	case 0xD000, 0xF000:
		c.Floats = append(c.Floats, math.Inf(map[uint16]int{0xD000: 1, 0xF000: -1}[sign]))
		return nil
	case 0x4000:
		defer func() { c.Floats[len(c.Floats)-1] = -c.Floats[len(c.Floats)-1] }()
	}
	if len(data) < 8+2*groups {
		return errShort
	}
	var whole uint64
	if groups <= 4 { // up to 16 digits: exact in a double when below 2^53
		for i := range groups {
			whole = whole*10000 + uint64(binary.BigEndian.Uint16(data[8+2*i:]))
		}
		exponent := 4 * (weight - groups + 1)
		if whole < 1<<53 && exponent <= 0 && exponent >= -22 {
			c.Floats = append(c.Floats, float64(whole)/math.Pow10(-exponent))
			return nil
		}
	}
	var scratch [64]byte
	text := append(scratch[:0], '0')
	for i := range groups {
		group := binary.BigEndian.Uint16(data[8+2*i:])
		text = append(text, byte('0'+group/1000), byte('0'+group/100%10), byte('0'+group/10%10), byte('0'+group%10))
	}
	text = strconv.AppendInt(append(text, 'e'), int64(4*(weight-groups+1)), 10)
	value, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(value, 0) {
		c.Floats = append(c.Floats, 0)
		return err
	}
	c.Floats = append(c.Floats, value)
	return nil
}

// general decodes through the driver's own types: arrays and composites to JSON, the rest to its text.
func general(field pgconn.FieldDescription, types *pgtype.Map) decoder {
	known, ok := types.TypeForOID(field.DataTypeOID)
	if !ok {
		return decoder{frame.String, addText}
	}
	kind := frame.String
	if strings.HasPrefix(known.Name, "_") {
		kind = frame.JSON
	}
	return decoder{kind, func(c *frame.Column, data []byte) error {
		value, err := known.Codec.DecodeValue(types, field.DataTypeOID, field.Format, data)
		if err != nil {
			return err
		}
		text, err := spell(value, kind)
		c.Strings = append(c.Strings, text)
		return err
	}}
}

func spell(value any, kind frame.Kind) (string, error) {
	if kind == frame.JSON {
		data, err := json.Marshal(value)
		return string(data), err
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case encoding.TextMarshaler:
		data, err := value.MarshalText()
		return string(data), err
	case fmt.Stringer:
		return value.String(), nil
	}
	data, err := json.Marshal(value)
	return strings.Trim(string(data), `"`), err
}

package frame

import (
	"math"
	"strconv"
)

// numberStyle is how a number is written out, worked out once a column.
type numberStyle struct {
	minFraction, maxFraction int
	lessDigits               int // >0: keep that many significant digits fewer than the whole part has characters
	group, point             string
	before, after            string // currency symbol on its side
	divisor                  float64
	multiplier               float64
	head, tail               string // around everything: prefix, compact letter, suffix, percent sign
}

// append writes a number: shortest decimal digits of the double, halves rounded away from zero.
func (s *numberStyle) append(dst []byte, value float64) []byte {
	if s.divisor != 0 {
		value /= s.divisor
	}
	if s.multiplier != 0 {
		value *= s.multiplier
	}
	dst = append(dst, s.head...)
	if math.IsInf(value, 0) || math.IsNaN(value) {
		return append(appendOdd(dst, value), s.tail...)
	}
	var scratch [32]byte
	d := decimalOf(scratch[:0], value)
	maximum := s.maxFraction
	if s.lessDigits > 0 {
		whole := len(strconv.AppendFloat(nil, math.Floor(value), 'f', -1, 64))
		d = d.rounded(max(whole-s.lessDigits, 1))
		maximum = max(len(d.digits)-d.point, 0)
	} else {
		d = d.rounded(d.point + maximum)
	}
	return append(s.write(dst, d, maximum), s.tail...)
}

func (s *numberStyle) write(dst []byte, d decimal, maximum int) []byte {
	if d.negative {
		dst = append(dst, '-')
	}
	dst = append(dst, s.before...)
	dst = d.appendWhole(dst, s.group)
	fraction := min(max(len(d.digits)-d.point, 0), maximum)
	if places := max(fraction, s.minFraction); places > 0 {
		dst = append(dst, s.point...)
		for i := range places {
			dst = append(dst, d.digit(d.point+i))
		}
	}
	return append(dst, s.after...)
}

// appendInt writes a whole number without passing through a double.
func (s *numberStyle) appendInt(dst []byte, value int64) []byte {
	if s.divisor != 0 || s.multiplier != 0 || s.lessDigits > 0 {
		return s.append(dst, float64(value))
	}
	var scratch [24]byte
	digits := strconv.AppendInt(scratch[:0], value, 10)
	d := decimal{negative: digits[0] == '-'}
	if d.negative {
		digits = digits[1:]
	}
	d.digits, d.point = digits, len(digits)
	return append(s.write(append(dst, s.head...), d, 0), s.tail...)
}

func appendOdd(dst []byte, value float64) []byte {
	switch {
	case math.IsNaN(value):
		return append(dst, "NaN"...)
	case value < 0:
		return append(dst, "-∞"...)
	}
	return append(dst, "∞"...)
}

// decimal is a number as digits: 0.digits × 10^point.
type decimal struct {
	negative bool
	digits   []byte
	point    int
}

func decimalOf(scratch []byte, value float64) decimal {
	if n, ok := hundredths(value); ok {
		d := decimal{negative: math.Signbit(value), digits: strconv.AppendUint(scratch, n, 10)}
		d.point = len(d.digits) - 2
		return d.trimmed()
	}
	text := strconv.AppendFloat(scratch, value, 'e', -1, 64) // d.ddde±xx
	d := decimal{negative: text[0] == '-'}
	if d.negative {
		text = text[1:]
	}
	mantissa := len(text)
	for i, c := range text {
		if c == 'e' {
			mantissa = i
			break
		}
	}
	exponent, _ := strconv.Atoi(string(text[mantissa+1:])) // AppendFloat wrote it
	d.digits = text[:1]
	if mantissa > 2 {
		d.digits = append(d.digits, text[2:mantissa]...)
	}
	d.point = exponent + 1
	if len(d.digits) == 1 && d.digits[0] == '0' {
		d.digits, d.point = d.digits[:0], 0
	}
	return d
}

// rounded keeps n digits; n may be negative. It writes over the digits.
func (d decimal) rounded(n int) decimal {
	if n >= len(d.digits) {
		return d
	}
	up := n >= 0 && d.digits[n] >= '5'
	d.digits = d.digits[:max(n, 0)]
	if up {
		d = d.incremented()
	}
	return d.trimmed()
}

// trimmed takes zeros from the end.
func (d decimal) trimmed() decimal {
	for len(d.digits) > 0 && d.digits[len(d.digits)-1] == '0' {
		d.digits = d.digits[:len(d.digits)-1]
	}
	if len(d.digits) == 0 {
		d.point = 0
	}
	return d
}

// hundredths is a number without its sign in hundredths, where it is a whole number of at most 15 digits of those. Then
// these digits are the shortest that tell the double from all others, as of most amounts, and are found without a search.
func hundredths(value float64) (uint64, bool) {
	n := math.Round(math.Abs(value) * 100)
	return uint64(n), n < 1e15 && n/100 == math.Abs(value)
}

func (d decimal) incremented() decimal {
	for i := len(d.digits) - 1; i >= 0; i-- {
		if d.digits[i] < '9' {
			d.digits[i]++
			return d
		}
		d.digits[i] = '0'
	}
	d.digits = append(d.digits[:0], '1')
	d.point++
	return d
}

func (d decimal) digit(i int) byte {
	if i < 0 || i >= len(d.digits) {
		return '0'
	}
	return d.digits[i]
}

func (d decimal) appendWhole(dst []byte, group string) []byte {
	if d.point <= 0 {
		return append(dst, '0')
	}
	for i := range d.point {
		if left := d.point - i; i > 0 && left%3 == 0 {
			dst = append(dst, group...)
		}
		dst = append(dst, d.digit(i))
	}
	return dst
}

func appendHundredths(dst []byte, negative bool, n uint64) []byte {
	if negative {
		dst = append(dst, '-')
	}
	dst = strconv.AppendUint(dst, n/100, 10)
	switch cents := byte(n % 100); {
	case cents == 0:
		return dst
	case cents%10 == 0:
		return append(dst, '.', '0'+cents/10)
	default:
		return append(dst, '.', '0'+cents/10, '0'+cents%10)
	}
}

// AppendScriptNumber writes a double as JavaScript would: shortest digits, exponents only from 1e21 and below 1e-6.
func AppendScriptNumber(dst []byte, value float64) []byte {
	switch {
	case math.IsNaN(value):
		return append(dst, "NaN"...)
	case math.IsInf(value, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(value, -1):
		return append(dst, "-Infinity"...)
	case value == 0:
		return append(dst, '0')
	}
	if n, ok := hundredths(value); ok {
		return appendHundredths(dst, value < 0, n)
	}
	if size := math.Abs(value); size >= 1e-6 && size < 1e21 {
		return strconv.AppendFloat(dst, value, 'f', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, value, 'e', -1, 64)
	for i := start; i < len(dst); i++ { // e-07 is e-7 there
		if dst[i] == 'e' && dst[i+2] == '0' && len(dst) == i+4 {
			dst[i+2] = dst[i+3]
			return dst[:i+3]
		}
	}
	return dst
}

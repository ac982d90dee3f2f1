package frame

import (
	"math"
	"strconv"
	"strings"
)

// appendNumber shows a number, of which d are the digits without the sign.
func (p *Pattern) appendNumber(dst []byte, value float64, d decimal) []byte {
	s, signed := p.forNumber(value)
	switch {
	case s == nil, s.dates && !(0 <= value && value < lastDay):
		return AppendScriptNumber(dst, value)
	case s.dates:
		return s.appendTime(dst, int64((value-daysTo1970)*microsecondsOfDay))
	}
	if signed && value < 0 {
		dst = append(dst, '-')
	}
	return s.appendDigits(dst, math.Abs(value), d)
}

// Spreadsheets count days: what they have for the first day of 1970, and behind the last of the year 9999.
const daysTo1970, lastDay = 25569, 2958466

// forNumber is the section for a number, and whether a number below zero shows its sign; nil shows the number plainly.
func (p *Pattern) forNumber(value float64) (s *section, signed bool) {
	numbers := p.sections[:min(len(p.sections), 3)]
	compares := false
	for i := range numbers {
		s := &numbers[i]
		compares = compares || s.compare != ""
		if s.compare != "" && holds(value, s.compare, s.operand) {
			return s, true
		}
	}
	if compares {
		for i := range numbers {
			if numbers[i].compare == "" {
				return &numbers[i], true
			}
		}
		return nil, true
	}
	switch {
	case value < 0 && len(numbers) > 1:
		return &numbers[1], false
	case value == 0 && len(numbers) > 2:
		return &numbers[2], false
	}
	return &numbers[0], true
}

func holds(value float64, compare string, operand float64) bool {
	switch compare {
	case "<":
		return value < operand
	case "<=":
		return value <= operand
	case ">":
		return value > operand
	case ">=":
		return value >= operand
	case "=":
		return value == operand
	}
	return value != operand
}

// appendDigits puts the digits of a number above zero into the places of the section.
func (s *section) appendDigits(dst []byte, value float64, d decimal) []byte {
	power := 0
	if len(d.digits) > 0 {
		d.point += 2*s.percents - 3*s.scale
		if s.exponent > 0 {
			power = floorTo(d.point-1, max(s.whole, 1))
			d.point -= power
		}
		d = d.rounded(d.point + s.fraction)
		if s.exponent > 0 && d.point > max(s.whole, 1) {
			d.point, power = d.point-max(s.whole, 1), power+max(s.whole, 1)
		}
	}
	wholes, fractions := 0, 0
	for _, p := range s.pieces {
		switch p.kind {
		case literal:
			dst = append(dst, p.text...)
		case anything:
			dst = AppendScriptNumber(dst, value)
		case exponent:
			dst = s.appendPower(dst, p.text, power)
		case point:
			if s.whole == 0 && d.point > 0 {
				dst = d.appendWhole(dst, "")
			}
			dst = append(dst, '.')
		case zero, optional, spaced:
			if wholes < s.whole {
				dst = s.appendWhole(dst, d, p.kind, wholes)
				wholes++
			} else {
				dst = appendPlace(dst, d, p.kind, d.point+fractions, d.point+fractions < len(d.digits))
				fractions++
			}
		}
	}
	return dst
}

// floorTo is the greatest multiple of step that isn't above n.
func floorTo(n, step int) int { return int(math.Floor(float64(n)/float64(step))) * step }

// appendWhole writes the digits of one place before the point: the first takes all that have no place of their own.
func (s *section) appendWhole(dst []byte, d decimal, k kind, place int) []byte {
	from := s.whole - 1 - place // places to its right
	most := from
	if place == 0 {
		most = max(d.point-1, from)
	}
	for ; most >= from; most-- {
		start := len(dst)
		dst = appendPlace(dst, d, k, d.point-1-most, most < d.point)
		if s.group && most > 0 && most%3 == 0 && len(dst) > start && dst[start] != ' ' {
			dst = append(dst, ',')
		}
	}
	return dst
}

// appendPlace writes the i-th digit; where there is none, what the kind of place says.
func appendPlace(dst []byte, d decimal, k kind, i int, there bool) []byte {
	switch {
	case there || k == zero:
		return append(dst, d.digit(i))
	case k == spaced:
		return append(dst, ' ')
	}
	return dst
}

func (s *section) appendPower(dst []byte, sign string, power int) []byte {
	dst = append(dst, 'E')
	if power < 0 {
		dst = append(dst, '-')
		power = -power
	} else if strings.HasSuffix(sign, "+") {
		dst = append(dst, '+')
	}
	digits := strconv.Itoa(power)
	dst = append(dst, strings.Repeat("0", max(s.exponent-len(digits), 0))...)
	return append(dst, digits...)
}

// ofTime is the section for times; nil when the pattern has none.
func (p *Pattern) ofTime() *section {
	for i := range p.sections {
		if p.sections[i].dates {
			return &p.sections[i]
		}
	}
	return nil
}

func (s *section) appendTime(dst []byte, microseconds int64) []byte {
	t := timeOf(microseconds)
	for _, p := range s.pieces {
		layout := p.text
		switch p.kind {
		case literal:
			dst = append(dst, p.text...)
			continue
		case fraction:
			dst = append(dst, '.')
			dst = append(dst, appendMilliseconds(nil, t)[:len(p.text)]...)
			continue
		case hour:
			n := t.Hour()
			if s.half {
				n = (n+11)%12 + 1
			}
			dst = appendPadded(dst, n, len(p.text))
			continue
		case half:
			layout = halfOf(p.text, t.Hour())
			dst = append(dst, layout...)
			continue
		case year:
			layout = pickLayout(len(p.text), "06", "06", "2006")
		case month:
			layout = pickLayout(len(p.text), "1", "01", "Jan", "January", "January")
		case day:
			layout = pickLayout(len(p.text), "2", "02", "Mon", "Monday")
		case minute:
			layout = pickLayout(len(p.text), "4", "04")
		case second:
			layout = pickLayout(len(p.text), "5", "05")
		}
		start := len(dst)
		dst = t.AppendFormat(dst, layout)
		if p.kind == month && len(p.text) == 5 {
			dst = dst[:start+1] // the letter of the month
		}
	}
	return dst
}

func pickLayout(length int, layouts ...string) string { return layouts[min(length, len(layouts))-1] }

func appendPadded(dst []byte, n, length int) []byte {
	if length > 1 {
		return appendTwo(dst, n)
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// halfOf is the half of the day as the pattern writes it: AM/PM or A/P.
func halfOf(pattern string, hour int) string {
	morning, afternoon, _ := strings.Cut(pattern, "/")
	if hour < 12 {
		return morning
	}
	return afternoon
}

// appendText shows text, where the pattern has a section for it.
func (p *Pattern) appendText(dst []byte, text string) []byte {
	s := &p.sections[len(p.sections)-1]
	if len(p.sections) < maxSections && !s.text {
		return append(dst, text...)
	}
	for _, each := range s.pieces {
		if each.kind == anything {
			dst = append(dst, text...)
		} else {
			dst = append(dst, each.text...)
		}
	}
	return dst
}

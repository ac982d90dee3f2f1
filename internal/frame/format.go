package frame

import (
	"math"
	"strconv"
	"strings"
)

// Style is what a column's values are shown as.
type Style uint8

// Styles.
const (
	Plain  Style = iota // numbers grouped with at most three decimals, times in full, the rest as it is
	Text                // as it is
	YesNo               // True or False
	Day                 // a date, as coarse as its interval
	Moment              // a date and time, as fine as its interval
	Number
	Money
	Percent
	Identifier
)

// Format says how a column's values are shown.
type Format struct {
	Style     Style
	Interval  string // of a date or time: YEAR, QUARTER, MONTH, …
	Round     *int   // decimals; negative drops digits before the point
	Compact   string // thousands, millions, billions, trillions or one of their aliases
	Currency  string // ISO code, for Money
	Separator string // default, commaPeriod, spacePeriod, periodComma, noSeparatorPeriod
	Prefix    string
	Suffix    string
	Pattern   string // as spreadsheets write it; goes before the others, but for Style
}

// null is shown for missing values.
const null = "∅"

// Formatter shows values; it is made once a column.
type Formatter struct {
	style    Style
	interval string
	number   numberStyle
	pattern  *Pattern // nil: none
}

// NewFormatter works out a format.
func NewFormatter(f Format) *Formatter {
	made := &Formatter{style: f.Style, interval: strings.ToUpper(f.Interval)}
	made.number = numberStyle{maxFraction: 3, group: ",", point: "."}
	if f.Pattern != "" {
		made.pattern, _ = ReadPattern(f.Pattern) // one that can't be read shows values plainly
	}
	switch f.Style {
	case Number, Money, Percent:
		made.number.setSeparator(f.Separator)
		made.number.setRound(f)
		made.number.setAround(f)
	}
	if made.interval == "YEAR_NUM" {
		made.number.group = ""
	}
	return made
}

func (s *numberStyle) setSeparator(name string) {
	switch name {
	case "spacePeriod":
		s.group = " "
	case "periodComma":
		s.group, s.point = ".", ","
	case "noSeparatorPeriod":
		s.group = ""
	}
}

func (s *numberStyle) setRound(f Format) {
	switch {
	case f.Round == nil && f.Style == Money && f.Currency != "":
		s.maxFraction = currencyOf(f.Currency).digits
		s.minFraction = s.maxFraction
	case f.Round == nil:
	case *f.Round < 0:
		s.lessDigits, s.minFraction, s.maxFraction = -*f.Round, 0, 0
	default:
		s.minFraction = min(*f.Round, 20)
		s.maxFraction = s.minFraction
	}
}

func (s *numberStyle) setAround(f Format) {
	letter := ""
	if f.Style != Percent {
		s.divisor, letter = compact(f.Compact)
	}
	switch f.Style {
	case Percent:
		s.multiplier, s.tail = 100, "%"
	case Money:
		s.tail = letter
		if f.Currency == "" {
			return
		}
		symbol := currencyOf(f.Currency)
		if f.Separator == "periodComma" {
			s.after = " " + symbol.german
		} else {
			s.before = symbol.english
		}
	case Number:
		s.head, s.tail = f.Prefix, letter+f.Suffix
	}
}

func compact(name string) (divisor float64, letter string) {
	switch name {
	case "thousands", "thousand", "K":
		return 1e3, "K"
	case "millions", "million", "M":
		return 1e6, "M"
	case "billions", "billion", "B":
		return 1e9, "B"
	case "trillions", "trillion", "T":
		return 1e12, "T"
	}
	return 0, ""
}

// Append shows row i of a column.
func (f *Formatter) Append(dst []byte, c *Column, i int) []byte {
	if c.Null(i) {
		return append(dst, null...)
	}
	switch c.Kind {
	case Int:
		return f.int(dst, c.Ints[i])
	case Float:
		return f.float(dst, c.Floats[i])
	case Bool:
		return f.bool(dst, c.Bools[i])
	case Date:
		return f.time(dst, c.Ints[i]*microsecondsOfDay)
	case Timestamp:
		return f.time(dst, c.Ints[i])
	case JSON:
		return f.text(dst, scriptText(c.Strings[i]))
	}
	return f.text(dst, c.Strings[i])
}

func (f *Formatter) int(dst []byte, value int64) []byte {
	switch f.style {
	case Text, Identifier:
		return strconv.AppendInt(dst, value, 10)
	case YesNo:
		return appendYesNo(dst, value == 1)
	case Day, Moment:
		return f.time(dst, value*1000)
	}
	if f.pattern != nil {
		digits := strconv.AppendUint(nil, magnitude(value), 10)
		return f.pattern.appendNumber(dst, float64(value), decimal{digits: digits, point: len(digits)}.trimmed())
	}
	return f.number.appendInt(dst, value)
}

func (f *Formatter) float(dst []byte, value float64) []byte {
	switch f.style {
	case Text, Identifier:
		return AppendScriptNumber(dst, value)
	case YesNo:
		return appendYesNo(dst, value == 1)
	case Day, Moment:
		return f.time(dst, int64(value*1000))
	}
	if value != value {
		return append(dst, "NaN"...)
	}
	return f.real(dst, value)
}

// real shows a number that may have decimals.
func (f *Formatter) real(dst []byte, value float64) []byte {
	if f.pattern == nil || math.IsInf(value, 0) {
		return f.number.append(dst, value)
	}
	var scratch [32]byte
	return f.pattern.appendNumber(dst, value, decimalOf(scratch[:0], math.Abs(value)))
}

// magnitude is a number without its sign.
func magnitude(value int64) uint64 {
	if value < 0 {
		return -uint64(value)
	}
	return uint64(value)
}

func (f *Formatter) bool(dst []byte, value bool) []byte {
	switch f.style {
	case YesNo:
		return appendYesNo(dst, value)
	case Day, Moment:
		return append(dst, "NaT"...)
	}
	return strconv.AppendBool(dst, value)
}

func (f *Formatter) time(dst []byte, microseconds int64) []byte {
	switch f.style {
	case Text:
		return appendScriptDate(dst, microseconds)
	case YesNo:
		return appendYesNo(dst, false)
	case Day, Moment, Number:
		if f.pattern == nil {
			break
		}
		if s := f.pattern.ofTime(); s != nil {
			return s.appendTime(dst, microseconds)
		}
	}
	if f.style == Day {
		return appendDay(dst, microseconds, f.interval)
	}
	return appendMoment(dst, microseconds, f.interval)
}

func (f *Formatter) text(dst []byte, value string) []byte {
	switch f.style {
	case Text, Identifier:
		if f.pattern != nil {
			return f.pattern.appendText(dst, value)
		}
		return append(dst, value...)
	case YesNo:
		switch value {
		case "True", "true", "yes", "Yes", "1", "T":
			return appendYesNo(dst, true)
		}
		return appendYesNo(dst, false)
	case Day, Moment:
		microseconds, ok := parseTime(value)
		if !ok {
			return append(dst, "Invalid date"...)
		}
		return f.time(dst, microseconds)
	}
	if value == "" {
		return dst
	}
	number, ok := scriptNumber(value)
	if !ok && f.pattern != nil {
		return f.pattern.appendText(dst, value)
	}
	if !ok {
		return append(dst, value...)
	}
	return f.real(dst, number)
}

func appendYesNo(dst []byte, yes bool) []byte {
	if yes {
		return append(dst, "True"...)
	}
	return append(dst, "False"...)
}

// scriptNumber reads a text as JavaScript's Number does, but for its hexadecimal and other rare spellings.
func scriptNumber(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	for i := range len(text) {
		if c := text[i]; (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			return 0, false
		}
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

// Named is the format that a model names in one word (usd, km, percent, …), with its rounding and compacting, or gives
// as a pattern.
func Named(name string, round *int, compact string) Format {
	f := Format{Style: Number, Round: round, Compact: compact}
	switch name {
	case "usd", "gbp", "eur":
		f.Style, f.Currency = Money, strings.ToUpper(name)
	case "km", "mi":
		f.Suffix = " " + name
	case "percent":
		f.Style = Percent
	case "id":
		f.Style = Identifier
	default:
		f.Pattern = name
	}
	return f
}

// StyleNamed is the style of a custom format's type.
func StyleNamed(name string) Style {
	switch name {
	case "percent":
		return Percent
	case "currency":
		return Money
	case "number":
		return Number
	case "id":
		return Identifier
	case "date":
		return Day
	case "timestamp":
		return Moment
	}
	return Plain
}

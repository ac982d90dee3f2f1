package frame

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Pattern is a format as spreadsheets write them: #,##0.00" kg", 0.0%, yyyy-mm-dd. It has up to four sections, for
// numbers above zero, below zero, zero, and for text.
type Pattern struct{ sections []section }

// section shows one kind of value.
type section struct {
	pieces            []piece
	compare           string // <, <=, =, >=, >, <>: numbers that it is for; empty: by its place
	operand           float64
	whole, fraction   int // digits that it has places for
	point, group      bool
	percents, scale   int // by how many hundreds it multiplies, and thousands it divides
	exponent          int // digits of the exponent; 0 is none
	dates, text, half bool
}

// piece is a part of a section; text is that of a literal, or the run of a date's letters.
type piece struct {
	kind kind
	text string
}

type kind byte

const (
	literal  kind = iota
	zero          // a digit, zeros too
	optional      // a digit, unless it is a leading or trailing zero
	spaced        // the same, with a space for the zero
	point
	exponent // text is E+ or E-
	anything // the value as it is
	year
	month
	day
	hour
	minute
	second
	fraction // of a second: text is as many zeros as digits
	half     // AM or PM
)

// Limits of patterns, which are those of spreadsheets.
const (
	maxPattern  = 255
	maxSections = 4
)

// ReadPattern reads a pattern strictly: a letter that means nothing must stand in quotes. The error says what is wrong.
func ReadPattern(text string) (*Pattern, error) {
	if len(text) > maxPattern || !utf8.ValidString(text) {
		return nil, fmt.Errorf("a pattern has at most %d characters", maxPattern)
	}
	p, shows := &Pattern{}, false
	for rest, more := text, true; more; {
		r := patternReader{text: rest}
		if err := r.read(); err != nil {
			return nil, err
		}
		p.sections = append(p.sections, r.section)
		for _, each := range r.pieces {
			shows = shows || each.kind != literal
		}
		if rest, more = rest[r.at:], r.at < len(rest); more {
			rest = rest[1:] // the semicolon
		}
	}
	switch {
	case len(p.sections) > maxSections:
		return nil, fmt.Errorf("a pattern has at most %d sections", maxSections)
	case !shows:
		return nil, fmt.Errorf("a pattern holds a place for the value: 0, #, @ or letters of a date")
	}
	return p, nil
}

// patternReader reads one section.
type patternReader struct {
	section
	text string
	at   int
}

func (r *patternReader) read() error {
	for r.at < len(r.text) && r.text[r.at] != ';' {
		if err := r.next(); err != nil {
			return err
		}
	}
	if digits := r.whole+r.fraction > 0; digits && r.dates {
		return fmt.Errorf("digits and dates can't stand in one section")
	}
	r.minutes()
	return nil
}

func (r *patternReader) add(k kind, text string) { r.pieces = append(r.pieces, piece{k, text}) }

func (r *patternReader) last() kind {
	if len(r.pieces) == 0 {
		return literal
	}
	return r.pieces[len(r.pieces)-1].kind
}

// next reads one piece.
func (r *patternReader) next() error {
	rest := r.text[r.at:]
	char, size := utf8.DecodeRuneInString(rest)
	r.at += size
	switch char {
	case '"':
		end := strings.IndexByte(rest[1:], '"')
		if end < 0 {
			return fmt.Errorf("a quote isn't closed")
		}
		r.add(literal, rest[1:end+1])
		r.at += end + 1
	case '\\', '_', '*':
		return r.escaped(char)
	case '[':
		return r.bracket()
	case '0', '#', '?':
		r.digit(char)
	case '.':
		return r.dot()
	case ',':
		r.comma()
	case '%':
		r.percents++
		r.add(literal, "%")
	case '@':
		r.section.text = true
		r.add(anything, "")
	case '/':
		if r.whole > 0 {
			return fmt.Errorf("fractions such as # ?/? aren't known")
		}
		r.add(literal, "/")
	default:
		return r.word(char, rest)
	}
	return nil
}

// escaped reads a character that means itself, the space of one, or one that fills the cell.
func (r *patternReader) escaped(how rune) error {
	char, size := utf8.DecodeRuneInString(r.text[r.at:])
	if size == 0 {
		return fmt.Errorf("%q stands before nothing", how)
	}
	r.at += size
	switch how {
	case '\\':
		r.add(literal, string(char))
	case '_':
		r.add(literal, " ")
	}
	return nil
}

// bracket reads a currency, a condition or a colour.
func (r *patternReader) bracket() error {
	inside, _, closed := strings.Cut(r.text[r.at:], "]")
	if !closed {
		return fmt.Errorf("a bracket isn't closed")
	}
	r.at += len(inside) + 1
	if currency, ok := strings.CutPrefix(inside, "$"); ok {
		currency, _, _ = strings.Cut(currency, "-") // what follows is a language
		r.add(literal, currency)
		return nil
	}
	for _, op := range []string{"<=", ">=", "<>", "<", ">", "="} {
		if number, ok := strings.CutPrefix(inside, op); ok {
			operand, err := strconv.ParseFloat(number, 64)
			if err != nil {
				return fmt.Errorf("[%s] compares with no number", inside)
			}
			r.compare, r.operand = op, operand
			return nil
		}
	}
	switch name := strings.ToLower(inside); {
	case strings.Contains(" black blue cyan green magenta red white yellow ", " "+name+" "), strings.HasPrefix(name, "color"):
		return nil // values have no colours here
	}
	return fmt.Errorf("[%s] isn't known", inside)
}

func (r *patternReader) digit(char rune) {
	kinds := map[rune]kind{'0': zero, '#': optional, '?': spaced}
	r.add(kinds[char], "")
	if r.point {
		r.fraction++
	} else {
		r.whole++
	}
}

// dot reads the decimal point, or the fraction of a second.
func (r *patternReader) dot() error {
	if r.last() == second {
		zeros := len(r.text[r.at:]) - len(strings.TrimLeft(r.text[r.at:], "0"))
		if zeros == 0 || zeros > 3 {
			return fmt.Errorf("a fraction of a second has one to three zeros")
		}
		r.at += zeros
		r.add(fraction, r.text[r.at-zeros:r.at])
		return nil
	}
	if r.dates {
		r.add(literal, ".")
		return nil
	}
	if r.point {
		return fmt.Errorf("there are two decimal points")
	}
	r.point = true
	r.add(point, "")
	return nil
}

// comma groups digits between digits, divides by a thousand behind them, and is itself elsewhere.
func (r *patternReader) comma() {
	digits := r.last() == zero || r.last() == optional || r.last() == spaced
	switch {
	case !digits:
		r.add(literal, ",")
	case r.at < len(r.text) && strings.IndexByte("0#?", r.text[r.at]) >= 0:
		r.group = true
	default:
		r.scale++
		for r.at < len(r.text) && r.text[r.at] == ',' {
			r.scale++
			r.at++
		}
	}
}

// word reads letters of dates, an exponent, General, or a character that may stand for itself.
func (r *patternReader) word(char rune, rest string) error {
	lower := strings.ToLower(rest[:min(len(rest), len("general"))])
	switch {
	case lower == "general":
		r.at += len("general") - 1
		r.add(anything, "")
		return nil
	case strings.HasPrefix(lower, "am/pm"), strings.HasPrefix(lower, "a/p"):
		size := strings.IndexByte(lower, 'p') + 1
		if lower[1] == 'm' {
			size++
		}
		r.at += size - 1
		r.dates, r.half = true, true
		r.add(half, rest[:size])
		return nil
	case (strings.HasPrefix(lower, "e+") || strings.HasPrefix(lower, "e-")) && r.whole > 0 && r.exponent == 0:
		digits := len(rest[2:]) - len(strings.TrimLeft(rest[2:], "0#"))
		if digits == 0 {
			return fmt.Errorf("an exponent needs digits")
		}
		r.exponent = digits
		r.at += 1 + digits
		r.add(exponent, rest[:2])
		return nil
	}
	if k, ok := map[byte]kind{'y': year, 'm': month, 'd': day, 'h': hour, 's': second}[lower[0]]; ok {
		run := len(rest) - len(strings.TrimLeft(rest, rest[:1]+strings.ToUpper(rest[:1])+lower[:1]))
		r.at += run - 1
		r.dates = true
		r.add(k, lower[:1]+strings.Repeat(lower[:1], run-1))
		return nil
	}
	if char < utf8.RuneSelf && !strings.ContainsRune("$-+():!^&'~{}<>= ", char) {
		return fmt.Errorf("%q must stand in quotes", char)
	}
	r.add(literal, string(char))
	return nil
}

// minutes finds the months that are minutes: they stand behind hours or before seconds.
func (r *patternReader) minutes() {
	before := literal
	for i := range r.pieces {
		p := &r.pieces[i]
		if p.kind == month && len(p.text) <= 2 && (before == hour || nextOf(r.pieces[i+1:]) == second) {
			p.kind = minute
		}
		if p.kind != literal {
			before = p.kind
		}
	}
}

func nextOf(pieces []piece) kind {
	for _, p := range pieces {
		if p.kind != literal {
			return p.kind
		}
	}
	return literal
}

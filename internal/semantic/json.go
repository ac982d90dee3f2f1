package semantic

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"inlay/internal/fault"
)

// scanner reads JSON that is known to be valid, keeping the order of keys, which encoding/json loses. What the caller
// doesn't ask for is skipped without being built: manifests are mostly code that nobody here reads.
type scanner struct {
	data []byte
	at   int
}

func newScanner(data []byte) (*scanner, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !json.Valid(data) { // also bounds the nesting
		var ignored any
		return nil, fault.Wrap(fault.Invalid, json.Unmarshal(data, &ignored), "The manifest isn't valid JSON")
	}
	return &scanner{data: data}, nil
}

// peek is the next character that isn't white space.
func (s *scanner) peek() byte {
	for s.data[s.at] <= ' ' {
		s.at++
	}
	return s.data[s.at]
}

// each visits the members of an object; visit must read or skip the value. Another value is skipped.
func (s *scanner) each(visit func(key string)) {
	if s.peek() != '{' {
		s.skip()
		return
	}
	for s.at++; s.peek() != '}'; {
		key := s.text()
		s.peek() // the colon
		s.at++
		visit(key)
		if s.peek() == ',' {
			s.at++
		}
	}
	s.at++
}

func (s *scanner) skip() {
	depth := 0
	for {
		switch s.peek() {
		case '{', '[':
			depth++
			s.at++
		case '}', ']':
			depth--
			s.at++
		case '"':
			s.skipText()
		case ',', ':':
			s.at++
			continue
		default:
			s.bare()
		}
		if depth == 0 {
			return
		}
	}
}

// skipText moves behind a string and tells whether it holds escapes.
func (s *scanner) skipText() (escaped bool) {
	for s.at++; s.data[s.at] != '"'; s.at++ {
		if s.data[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	return escaped
}

func (s *scanner) text() string {
	s.peek()
	start := s.at
	if !s.skipText() {
		return strings.ToValidUTF8(string(s.data[start+1:s.at-1]), "\uFFFD")
	}
	var out string
	if json.Unmarshal(s.data[start:s.at], &out) != nil {
		return "" // can't be: the document is valid
	}
	return out
}

// bare is a number or a keyword.
func (s *scanner) bare() string {
	s.peek()
	start := s.at
	for s.at < len(s.data) && !bytes.ContainsRune([]byte(",:]} \t\r\n"), rune(s.data[s.at])) {
		s.at++
	}
	return string(s.data[start:s.at])
}

func (s *scanner) value() value {
	switch s.peek() {
	case '{':
		v := value{shape: object}
		s.each(func(key string) { v.fields = append(v.fields, member{name: key, value: s.value()}) })
		return v
	case '[':
		v := value{shape: list}
		for s.at++; s.peek() != ']'; {
			v.items = append(v.items, s.value())
			if s.peek() == ',' {
				s.at++
			}
		}
		s.at++
		return v
	case '"':
		return value{shape: text, text: s.text()}
	case 't', 'f':
		return value{shape: flag, truth: s.bare() == "true"}
	case 'n':
		s.bare()
		return value{}
	}
	word := s.bare()
	n, _ := strconv.ParseFloat(word, 64) // out of range: infinite, which no rule accepts
	return value{shape: number, text: word, number: n}
}

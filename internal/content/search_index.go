package content

import (
	"slices"
	"strings"
	"sync"
)

// index is the words of a shelf's entries, as one text a table: most searches touch few of many thousand entries. It is
// made when the shelf is first searched.
type index struct {
	made   sync.Once
	tables map[string]*wordText
}

// wordText is the words of entries, each behind a space.
type wordText struct {
	text    string
	entries []*entry
	starts  []int // of the entries in the text
}

// having gives the entries of a table one of whose words begins with one of the stems.
func (held *shelf) having(table string, stems []string) []*entry {
	held.index.made.Do(func() {
		held.index.tables = map[string]*wordText{}
		texts := map[string]*strings.Builder{}
		for _, e := range slices.Concat(held.rooms, held.entries) {
			of, text := held.index.tables[e.Table], texts[e.Table]
			if of == nil {
				of, text = &wordText{}, &strings.Builder{}
				held.index.tables[e.Table], texts[e.Table] = of, text
			}
			of.entries, of.starts = append(of.entries, e), append(of.starts, text.Len())
			for _, list := range [][]string{e.words.name, e.words.description} {
				for _, word := range list {
					text.WriteByte(' ')
					text.WriteString(word)
				}
			}
		}
		for table, text := range texts {
			held.index.tables[table].text = text.String()
		}
	})
	if of := held.index.tables[table]; of != nil {
		return of.having(stems)
	}
	return nil
}

func (w *wordText) having(stems []string) []*entry {
	found := map[int]bool{}
	for _, stem := range stems {
		for at := 0; ; {
			hit := strings.Index(w.text[at:], " "+stem)
			if hit < 0 {
				break
			}
			i, exact := slices.BinarySearch(w.starts, at+hit)
			if !exact {
				i--
			}
			for i+1 < len(w.starts) && w.starts[i+1] == w.starts[i] {
				i++ // those before it have no words
			}
			found[i] = true
			if i+1 == len(w.starts) {
				break
			}
			at = w.starts[i+1]
		}
	}
	entries := make([]*entry, 0, len(found))
	for i := range found {
		entries = append(entries, w.entries[i])
	}
	return entries
}

package semantic

import "strings"

// Friendly makes a label of a technical name: num_of_orders becomes "Num of orders". Underscores part words, and so does
// each capital, unless the whole part is in capitals; digits start a word and take the small letters after them along.
// Other characters don't show, but a name of nothing else is its own label.
func Friendly(name string) string {
	var words []string
	for part := range strings.SplitSeq(name, "_") {
		if part == strings.ToUpper(part) {
			part = strings.ToLower(part)
		}
		words = append(words, runs(part)...)
	}
	if len(words) == 0 {
		return name
	}
	label := strings.ToLower(strings.Join(words, " "))
	return strings.ToUpper(label[:1]) + label[1:]
}

// runs finds digits, each with the word that follows, and words: a letter and the small letters after it.
func runs(part string) []string {
	var out []string
	for at := 0; at < len(part); {
		start := at
		for at < len(part) && isDigit(part[at]) {
			at++
		}
		if at < len(part) && isLetter(part[at]) {
			for at++; at < len(part) && 'a' <= part[at] && part[at] <= 'z'; {
				at++
			}
		}
		if at == start {
			at++
			continue
		}
		out = append(out, part[start:at])
	}
	return out
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

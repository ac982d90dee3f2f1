package content

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// allowedTags are what a comment may be marked up with, and which attributes each may carry.
func allowedTags() map[string][]string {
	return map[string][]string{
		"a": {"href"}, "b": nil, "blockquote": nil, "br": nil, "code": nil, "em": nil, "i": nil, "li": nil, "ol": nil,
		"p": nil, "pre": nil, "s": nil, "strong": nil, "u": nil, "ul": nil,
		"span": {"class", "data-type", "data-id", "data-label"},
	}
}

// cleanHTML keeps the harmless markup of a comment: known tags with known attributes, and links to the web or by mail.
// The text of scripts and styles goes with their tags.
func cleanHTML(text string) string {
	allowed := allowedTags()
	var b strings.Builder
	tokens := html.NewTokenizer(strings.NewReader(text))
	silent := ""
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			return b.String()
		}
		token := tokens.Token()
		switch {
		case silent != "":
			if kind == html.EndTagToken && token.Data == silent {
				silent = ""
			}
		case kind == html.TextToken:
			b.WriteString(html.EscapeString(token.Data))
		case kind == html.StartTagToken && slices.Contains([]string{"script", "style", "textarea", "option", "noscript", "title", "iframe"}, token.Data):
			silent = token.Data
		case kind == html.StartTagToken, kind == html.SelfClosingTagToken, kind == html.EndTagToken:
			attributes, ok := allowed[token.Data]
			if !ok {
				continue
			}
			token.Attr = slices.DeleteFunc(token.Attr, func(a html.Attribute) bool {
				return !slices.Contains(attributes, a.Key) || a.Key == "href" && !safeLink(a.Val)
			})
			b.WriteString(token.String())
		}
	}
}

func safeLink(address string) bool {
	scheme, _, found := strings.Cut(strings.ToLower(strings.TrimSpace(address)), ":")
	return !found || slices.Contains([]string{"http", "https", "mailto"}, scheme)
}

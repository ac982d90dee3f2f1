package codefiles

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// kinds are the folders of a project, in the order in which they are uploaded: what is named by others comes first.
var kinds = []string{"spaces", "charts", "sqlCharts", "dashboards"}

// slugForm is what a file can be named for. A server can't name a file outside of the folder.
var slugForm = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$`)

// Download writes the documents that the token's owner sees into a folder, one file each, and tells how many. The same
// content makes the same bytes.
func Download(ctx context.Context, c Client, folder string) (int, error) {
	if err := c.settle(ctx); err != nil {
		return 0, err
	}
	count := 0
	for _, kind := range kinds {
		documents, err := c.documents(ctx, kind)
		if err != nil {
			return count, err
		}
		if err := os.MkdirAll(filepath.Join(folder, kind), 0o755); err != nil {
			return count, err
		}
		for _, document := range documents {
			slug := fmt.Sprint(document["slug"])
			if !slugForm.MatchString(slug) {
				return count, fmt.Errorf("a document of %s can't be a file: its slug is %q", kind, slug)
			}
			text, err := toYAML(document)
			if err != nil {
				return count, err
			}
			if err := os.WriteFile(filepath.Join(folder, kind, slug+".yml"), text, 0o644); err != nil {
				return count, err
			}
			count++
		}
	}
	return count, nil
}

// Upload puts every document of a folder, and tells by what the server did with it how many there were.
func Upload(ctx context.Context, c Client, folder string) (map[string]int, error) {
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	done := map[string]int{}
	for _, kind := range kinds {
		entries, err := os.ReadDir(filepath.Join(folder, kind))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return done, err
		}
		for _, entry := range entries {
			slug, isDocument := strings.CutSuffix(entry.Name(), ".yml")
			if !isDocument {
				continue
			}
			action, err := c.put(ctx, kind, slug, filepath.Join(folder, kind, entry.Name()))
			if err != nil {
				return done, fmt.Errorf("%s/%s: %w", kind, entry.Name(), err)
			}
			done[action]++
		}
	}
	return done, nil
}

func (c *Client) put(ctx context.Context, kind, slug, file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	body, err := fromYAML(text)
	if err != nil {
		return "", err
	}
	var answer struct {
		Action string `json:"action"`
	}
	err = c.call(ctx, http.MethodPost, c.path(kind)+"/"+url.PathEscape(slug), body, &answer)
	return answer.Action, err
}

// toYAML writes a document with its members in the order of their names.
func toYAML(document any) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(plainNumbers(document)); err != nil {
		return nil, err
	}
	err := encoder.Close()
	return out.Bytes(), err
}

// plainNumbers turns JSON's numbers into Go's, whole ones without a fraction.
func plainNumbers(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name, member := range v {
			v[name] = plainNumbers(member)
		}
	case []any:
		for i, item := range v {
			v[i] = plainNumbers(item)
		}
	case json.Number:
		if whole, err := v.Int64(); err == nil {
			return whole
		}
		if number, err := v.Float64(); err == nil {
			return number
		}
	}
	return value
}

func fromYAML(text []byte) ([]byte, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(text, &root); err != nil {
		return nil, err
	}
	value, err := plain(&root)
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

// plain is a YAML value as JSON knows it. Dates stay the text that was written.
func plain(n *yaml.Node) (any, error) {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			member, err := plain(n.Content[i+1])
			if err != nil {
				return nil, err
			}
			object[n.Content[i].Value] = member
		}
		return object, nil
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, item := range n.Content {
			var err error
			if list[i], err = plain(item); err != nil {
				return nil, err
			}
		}
		return list, nil
	case yaml.ScalarNode:
		if n.Tag == "!!timestamp" {
			return n.Value, nil
		}
		var value any
		err := n.Decode(&value)
		return value, err
	}
	return nil, fmt.Errorf("line %d: aliases and anchors aren't read here", n.Line)
}

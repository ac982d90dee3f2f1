package semantic

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"go.yaml.in/yaml/v4"
)

// Bounds of one YAML file: far beyond what people write, far below what hurts.
const (
	maxFileBytes = 8 << 20
	maxNodes     = 500_000 // with aliases spelled out
	maxDepth     = 64
)

// documents reads the documents of a YAML file that can be read, and tells what is wrong with the others.
func documents(data []byte) (found []value, errs []error) {
	if len(data) > maxFileBytes {
		return nil, []error{fmt.Errorf("the file is larger than %d bytes", maxFileBytes)}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for left := maxNodes; left > 0; {
		var node yaml.Node
		if err := decoder.Decode(&node); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return found, append(errs, err)
		}
		switch v, err := fromYAML(&node, &left, maxDepth); {
		case err != nil:
			errs = append(errs, err)
		case v.shape != absent:
			found = append(found, v)
		}
	}
	return found, errs
}

func fromYAML(node *yaml.Node, left *int, depth int) (value, error) {
	if *left--; *left < 0 {
		return value{}, fmt.Errorf("the file has more than %d values once its aliases are spelled out", maxNodes)
	}
	if depth == 0 {
		return value{}, fmt.Errorf("line %d: nested more than %d levels", node.Line, maxDepth)
	}
	switch node.Kind {
	case yaml.DocumentNode:
		if len(node.Content) == 0 {
			return value{}, nil
		}
		return fromYAML(node.Content[0], left, depth)
	case yaml.AliasNode:
		return fromYAML(node.Alias, left, depth-1)
	case yaml.SequenceNode:
		v := value{shape: list, line: node.Line}
		for _, item := range node.Content {
			child, err := fromYAML(item, left, depth-1)
			if err != nil {
				return v, err
			}
			v.items = append(v.items, child)
		}
		return v, nil
	case yaml.MappingNode:
		return fromMapping(node, left, depth)
	}
	return scalar(node), nil
}

func fromMapping(node *yaml.Node, left *int, depth int) (value, error) {
	v := value{shape: object, line: node.Line}
	seen := make(map[string]bool, len(node.Content)/2)
	var merged []member
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		child, err := fromYAML(node.Content[i+1], left, depth-1)
		if err != nil {
			return v, err
		}
		switch {
		case key.Kind != yaml.ScalarNode:
			return v, fmt.Errorf("line %d: a key must be a plain word", key.Line)
		case key.Value == "<<":
			merged = append(merged, merge(child)...)
		case seen[key.Value]:
			return v, fmt.Errorf("line %d: key %q stands twice in one mapping", key.Line, key.Value)
		default:
			seen[key.Value] = true
			v.fields = append(v.fields, member{name: key.Value, line: key.Line, value: child})
		}
	}
	for _, m := range merged { // what the mapping says itself wins, then the earlier merge
		if !seen[m.name] {
			seen[m.name] = true
			v.fields = append(v.fields, m)
		}
	}
	return v, nil
}

func merge(v value) []member {
	if v.shape != list {
		return v.fields
	}
	var all []member
	for _, item := range v.items {
		all = append(all, item.fields...)
	}
	return all
}

func scalar(node *yaml.Node) value {
	v := value{shape: text, line: node.Line, text: node.Value}
	switch node.ShortTag() {
	case "!!null":
		return value{line: node.Line}
	case "!!bool":
		var truth bool
		if node.Decode(&truth) == nil {
			v.shape, v.truth = flag, truth
		}
	case "!!int", "!!float":
		var n float64
		if node.Decode(&n) == nil && !math.IsInf(n, 0) && !math.IsNaN(n) {
			v.shape, v.number = number, n
			if _, err := strconv.ParseFloat(v.text, 64); err != nil { // 0x1F, 1_000
				v.text = strconv.FormatFloat(n, 'f', -1, 64)
			}
		}
	}
	return v
}

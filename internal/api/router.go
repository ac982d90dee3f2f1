package api

import (
	"net/http"
	"strings"
)

// Router finds the operation of a path: literal segments win over {names}, and what was matched is decided on the
// decoded path once, so that authorisation and routing can't disagree. Trailing slashes are accepted.
type Router struct {
	root node
	// Fallback answers what no operation matches.
	Fallback http.Handler
}

type node struct {
	literal map[string]*node
	param   *node
	names   map[string][]string // by method: the names of the path's parameters
	handler map[string]http.Handler
}

// Mount adds the operations of a front.
func (t *Router) Mount(f *Front, operations []Operation) {
	for i := range operations {
		op := &operations[i]
		t.Handle(op.Method, op.Path, f.Bind(op))
	}
}

// Handle adds one handler for a path with {names}; adding a method and path twice panics, as it is a defect of the
// tables.
func (t *Router) Handle(method, path string, h http.Handler) {
	at, names := &t.root, []string(nil)
	for _, segment := range segments(path) {
		if strings.HasPrefix(segment, "{") {
			names = append(names, strings.Trim(segment, "{}"))
			if at.param == nil {
				at.param = &node{}
			}
			at = at.param
			continue
		}
		if at.literal == nil {
			at.literal = map[string]*node{}
		}
		if at.literal[segment] == nil {
			at.literal[segment] = &node{}
		}
		at = at.literal[segment]
	}
	if at.handler == nil {
		at.handler, at.names = map[string]http.Handler{}, map[string][]string{}
	}
	if at.handler[method] != nil {
		panic("two operations for " + method + " " + path)
	}
	at.handler[method], at.names[method] = h, names
}

func (t *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var values [8]string
	found, n := t.root.find(r.Method, segments(r.URL.Path), values[:0])
	if found == nil {
		t.Fallback.ServeHTTP(w, r)
		return
	}
	method := r.Method
	if found.handler[method] == nil {
		method = http.MethodGet // HEAD
	}
	for i, name := range found.names[method] {
		r.SetPathValue(name, n[i])
	}
	found.handler[method].ServeHTTP(w, r)
}

func (n *node) find(method string, path, values []string) (*node, []string) {
	if len(path) == 0 {
		if n.handler[method] != nil || method == http.MethodHead && n.handler[http.MethodGet] != nil {
			return n, values
		}
		return nil, nil
	}
	if next := n.literal[path[0]]; next != nil {
		if found, v := next.find(method, path[1:], values); found != nil {
			return found, v
		}
	}
	if n.param != nil && path[0] != "" {
		return n.param.find(method, path[1:], append(values, path[0]))
	}
	return nil, nil
}

func segments(path string) []string {
	path = strings.TrimSuffix(strings.TrimPrefix(path, "/"), "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

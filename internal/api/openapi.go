package api

import (
	"encoding/json"
	"maps"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Group is the operations of one front in the OpenAPI document. Around is the front's own.
type Group struct {
	Operations []Operation
	Around     func(results map[string]any) map[string]any
}

// Document makes the OpenAPI 3.1 document of the operations from their Go types: shapes are declared once.
func Document(title, version string, groups ...Group) map[string]any {
	d := &document{schemas: map[string]any{}, names: map[reflect.Type]string{}}
	paths, names := map[string]any{}, map[string]string{}
	for _, group := range groups {
		for i := range group.Operations {
			op := &group.Operations[i]
			if op.Hidden {
				continue
			}
			address := op.Path
			shape := parameter.ReplaceAllString(address, "{}")
			if named, ok := names[shape]; ok {
				address = named // an address is one entry: the names of its first operation count
			} else {
				names[shape], paths[address] = address, map[string]any{}
			}
			paths[address].(map[string]any)[strings.ToLower(op.Method)] = d.operation(op, address, group.Around)
		}
	}
	return map[string]any{
		"openapi":    "3.1.0",
		"info":       map[string]any{"title": title, "version": version},
		"paths":      paths,
		"components": map[string]any{"schemas": d.schemas, "securitySchemes": securitySchemes()},
	}
}

var parameter = regexp.MustCompile(`\{[^}]*\}`)

func securitySchemes() map[string]any {
	header := func(name, description string) map[string]any {
		return map[string]any{"type": "apiKey", "in": "header", "name": name, "description": description}
	}
	return map[string]any{
		"session": map[string]any{"type": "apiKey", "in": "cookie", "name": "connect.sid"},
		"key":     header("Authorization", "ApiKey <personal access token>"),
		"embed":   header("Authorization", "Bearer <tenant token>, or Embed-Token <embed token>"),
	}
}

type document struct {
	schemas map[string]any
	names   map[reflect.Type]string
}

func (d *document) operation(op *Operation, address string, around func(map[string]any) map[string]any) map[string]any {
	out := map[string]any{"operationId": op.ID, "responses": map[string]any{
		"200":     map[string]any{"description": "success"},
		"default": map[string]any{"description": "a fault, with its kind, its sentence and the field it names"},
	}}
	if op.Tag != "" {
		out["tags"] = []string{op.Tag}
	}
	if security := op.security(); security != nil {
		out["security"] = security
	}
	if op.Endpoint == nil {
		out["responses"] = map[string]any{"501": map[string]any{"description": "not built yet"}}
		out["parameters"] = pathParameters(address, nil)
		return out
	}
	in, result := op.Endpoint.shapes()
	d.request(op, out, address, reflect.TypeOf(in).Elem())
	if encoded, ok := reflect.ValueOf(result).Elem().Interface().(interface{ shape() any }); ok {
		result = encoded.shape()
	}
	if t := reflect.TypeOf(result).Elem(); t.Kind() != reflect.Interface && t.Kind() != reflect.Func && t != reflect.TypeFor[Empty]() {
		schema := d.schema(t)
		if around != nil {
			schema = around(schema)
		}
		out["responses"].(map[string]any)["200"] = map[string]any{"description": "success",
			"content": map[string]any{"application/json": map[string]any{"schema": schema}}}
	}
	return out
}

func (op *Operation) security() []map[string]any {
	none := []string{}
	switch {
	case op.Auth == Public:
		return nil
	case op.Auth == Session:
		return []map[string]any{{"session": none}}
	case op.Embed:
		return []map[string]any{{"session": none}, {"key": none}, {"embed": none}}
	}
	return []map[string]any{{"session": none}, {"key": none}}
}

func (d *document) request(op *Operation, out map[string]any, address string, in reflect.Type) {
	if in.Kind() != reflect.Struct {
		out["parameters"] = pathParameters(address, nil)
		return
	}
	var query []any
	for i := range in.NumField() {
		field := in.Field(i)
		if name, ok := field.Tag.Lookup("query"); ok {
			optional := field.Type.Kind() == reflect.Pointer || field.Type.Kind() == reflect.Slice ||
				strings.Contains(field.Tag.Get("check"), "optional")
			query = append(query, map[string]any{"in": "query", "name": name, "required": !optional,
				"schema": d.field(field)})
		}
		if _, ok := field.Tag.Lookup("body"); ok && op.Method != http.MethodGet {
			out["requestBody"] = map[string]any{"content": map[string]any{
				"application/json": map[string]any{"schema": d.schema(field.Type)}}}
		}
	}
	out["parameters"] = pathParameters(address, query)
}

func pathParameters(address string, more []any) []any {
	list := []any{}
	for _, segment := range segments(address) {
		if strings.HasPrefix(segment, "{") {
			list = append(list, map[string]any{"in": "path", "name": strings.Trim(segment, "{}"), "required": true,
				"schema": map[string]any{"type": "string"}})
		}
	}
	return append(list, more...)
}

// field is the schema of a struct's field, with the limits that its tag declares. A pointer that isn't left out when
// it is nil is written as null.
func (d *document) field(field reflect.StructField) map[string]any {
	schema := d.limited(field)
	written := field.Type.Kind() == reflect.Pointer && field.Tag.Get("json") != "" &&
		!strings.Contains(field.Tag.Get("json"), ",omit")
	if written || field.Tag.Get("null") == "ok" {
		return orNull(schema)
	}
	return schema
}

func (d *document) limited(field reflect.StructField) map[string]any {
	schema := d.schema(field.Type)
	if least, err := strconv.Atoi(field.Tag.Get("least")); err == nil {
		return map[string]any{"type": "integer", "minimum": least}
	}
	options := field.Tag.Get("enum")
	if options == "" {
		return schema
	}
	text := map[string]any{"type": "string", "enum": strings.Split(options, ",")}
	if schema["type"] == "array" {
		return map[string]any{"type": "array", "items": text}
	}
	return text
}

func (d *document) schema(t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		return d.schema(t.Elem())
	}
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t == reflect.TypeFor[json.RawMessage](), reflect.PointerTo(t).Implements(unmarshaler):
		return map[string]any{}
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint64:
		return map[string]any{"type": "integer"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": "array", "items": d.schema(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": d.schema(t.Elem())}
	case reflect.Struct:
		if t.Name() == "" || strings.ContainsAny(t.Name(), "[·") {
			return d.object(t)
		}
		return map[string]any{"$ref": "#/components/schemas/" + d.named(t)}
	}
	return map[string]any{}
}

// orNull is a schema that admits null beside what it did.
func orNull(schema map[string]any) map[string]any {
	switch kind := schema["type"].(type) {
	case string:
		nullable := maps.Clone(schema)
		nullable["type"] = []string{kind, "null"}
		return nullable
	case nil:
		if len(schema) > 0 {
			return map[string]any{"anyOf": []any{schema, map[string]any{"type": "null"}}}
		}
	}
	return schema
}

// named declares a struct once, under its package and name; naming before describing ends recursion.
func (d *document) named(t reflect.Type) string {
	if name, ok := d.names[t]; ok {
		return name
	}
	name := path.Base(t.PkgPath()) + "." + t.Name()
	d.names[t] = name
	d.schemas[name] = d.object(t)
	return name
}

func (d *document) object(t reflect.Type) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, field := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "" || name == "-" {
			continue
		}
		properties[name] = d.field(field)
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	schema := map[string]any{"type": "object", "properties": properties}
	if len(required) > 0 {
		schema["required"] = required
	}
	return schema
}

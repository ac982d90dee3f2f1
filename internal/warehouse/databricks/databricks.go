// Package databricks reads Databricks SQL warehouses by their statement API. It doesn't know what an explore is.
package databricks

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// Conn reaches one SQL warehouse.
type Conn struct {
	client    *http.Client
	address   string // https://host
	token     string
	warehouse string
	catalog   string
	schema    string
}

// Open checks the settings; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only("serverHostName", "httpPath", "personalAccessToken", "catalog", "database"); err != nil {
		return nil, err
	}
	host := strings.TrimSuffix(strings.TrimPrefix(s.Text("serverHostName", ""), "https://"), "/")
	if host == "" || strings.ContainsAny(host, "/@ ?#") {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A databricks connection needs the setting serverHostName")
	}
	id := warehousePath.FindStringSubmatch(s.Text("httpPath", ""))
	if id == nil {
		return nil, fault.Coded(fault.Invalid, "Parameter", "httpPath must be that of a SQL warehouse: /sql/1.0/warehouses/…")
	}
	return &Conn{client: dial.Client(), address: "https://" + host, token: s.Text("personalAccessToken", ""), warehouse: id[1],
		catalog: s.Text("catalog", ""), schema: s.Text("database", "")}, nil
}

var warehousePath = regexp.MustCompile(`^/?sql/1\.0/(?:warehouses|endpoints)/([0-9A-Za-z-]+)$`)

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "databricks" }

// Query runs one statement. Cancelling ctx, or closing the rows before their end, cancels it in the warehouse.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.ReadsOnce("databricks", st.SQL); err != nil {
		return nil, err
	}
	if len(st.Args) > 0 {
		return nil, fault.New(fault.Internal, "databricks takes statements without arguments")
	}
	answer, err := c.start(ctx, st)
	if err != nil {
		return nil, err
	}
	answer, err = c.wait(ctx, answer)
	if err != nil {
		return nil, err
	}
	return newRows(ctx, c, answer)
}

// start hands a statement over and doesn't wait for it: a statement whose id isn't known yet couldn't be cancelled.
func (c *Conn) start(ctx context.Context, st warehouse.Statement) (*answer, error) {
	if ctx.Err() != nil {
		return nil, warehouse.Stopped(ctx, ctx.Err())
	}
	uncut, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	body, err := json.Marshal(map[string]any{"statement": st.SQL + st.Comment(), "warehouse_id": c.warehouse, "catalog": c.catalog, "schema": c.schema,
		"wait_timeout": "0s", "disposition": "EXTERNAL_LINKS", "format": "JSON_ARRAY"})
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "The statement can't be sent")
	}
	return c.call(uncut, http.MethodPost, "/api/2.0/sql/statements", body)
}

// wait asks until the statement has ended.
func (c *Conn) wait(ctx context.Context, a *answer) (*answer, error) {
	id, err := a.StatementID, error(nil)
	for pause := 20 * time.Millisecond; a.running(); pause = min(pause*3/2, time.Second) {
		select {
		case <-ctx.Done():
			c.cancel(id)
			return nil, warehouse.Stopped(ctx, ctx.Err())
		case <-time.After(pause):
		}
		if a, err = c.call(ctx, http.MethodGet, "/api/2.0/sql/statements/"+id, nil); err != nil {
			c.cancel(id)
			return nil, err
		}
	}
	if a.Status.State != "SUCCEEDED" {
		line, char := 0, 0
		if at := placeText.FindStringSubmatch(a.Status.Error.Message); at != nil { // digits by the pattern
			line, _ = strconv.Atoi(at[1])
			char, _ = strconv.Atoi(at[2])
			char++ // counted from 0
		}
		return nil, warehouse.Rejected(fmt.Errorf("%s: %s", a.Status.State, a.Status.Error.Code), a.Status.Error.Message, line, char)
	}
	return a, nil
}

var placeText = regexp.MustCompile(`line (\d+),? pos (\d+)`)

// cancel stops a statement; it may have ended meanwhile.
func (c *Conn) cancel(id string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_, _ = c.call(ctx, http.MethodPost, "/api/2.0/sql/statements/"+id+"/cancel", []byte("{}"))
}

// answer is what the API says about a statement.
type answer struct {
	StatementID string `json:"statement_id"`
	Status      struct {
		State string `json:"state"`
		Error struct {
			Code    string `json:"error_code"`
			Message string `json:"message"`
		} `json:"error"`
	} `json:"status"`
	Manifest struct {
		Schema struct {
			Columns []struct {
				Name string `json:"name"`
				Text string `json:"type_text"`
				Type string `json:"type_name"`
			} `json:"columns"`
		} `json:"schema"`
	} `json:"manifest"`
	Result chunk `json:"result"`
	chunk        // of an answer to the request of a chunk
}

// chunk is a part of a result: in the answer itself or behind a link.
type chunk struct {
	Rows  json.RawMessage `json:"data_array"`
	Next  string          `json:"next_chunk_internal_link"`
	Links []struct {
		Address string `json:"external_link"`
		Next    string `json:"next_chunk_internal_link"`
	} `json:"external_links"`
}

func (a *answer) running() bool { return a.Status.State == "PENDING" || a.Status.State == "RUNNING" }

const maxAnswer = 64 << 20

// call makes a request of the API.
func (c *Conn) call(ctx context.Context, method, path string, body []byte) (*answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.address+path, bytes.NewReader(body))
	if err != nil {
		return nil, warehouse.Unreachable(err, "The connection's settings can't be used")
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	response, err := c.client.Do(request)
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, unreachable(ctx, err)
	}
	if response.StatusCode != http.StatusOK {
		return nil, refused(response.StatusCode, text)
	}
	a := &answer{}
	if err := json.Unmarshal(text, a); err != nil {
		return nil, warehouse.Unreachable(err, "The answer isn't one of Databricks")
	}
	return a, nil
}

func refused(status int, text []byte) error {
	var said struct {
		Code    string `json:"error_code"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(text, &said) // what isn't JSON isn't Databricks' own
	cause := fmt.Errorf("status %d: %s", status, said.Code)
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return warehouse.Unreachable(cause, "Databricks refused the access token")
	case said.Message != "":
		return warehouse.Unreachable(cause, "Databricks refused: %s", said.Message)
	}
	return warehouse.Unreachable(cause, "Databricks can't be reached with these settings")
}

func unreachable(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	return warehouse.Unreachable(err, "Databricks can't be reached with these settings")
}

// Columns lists the columns of tables and views of the connection's catalog, or of the catalogs that are asked for.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	return warehouse.ColumnsOfCatalogs(ctx, c, relations, "`", `SELECT table_catalog, table_schema, table_name, column_name, full_data_type FROM %sinformation_schema.columns
WHERE table_schema <> 'information_schema' ORDER BY table_schema, table_name, ordinal_position`)
}

// Ping tells why the connection can't be used. A warehouse that sleeps is woken by it.
func (c *Conn) Ping(ctx context.Context) error {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: "SELECT 1"})
	if err != nil {
		return err
	}
	defer rows.Close()
	if _, err := rows.Next(ctx); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// Close gives idle connections back.
func (c *Conn) Close() error {
	c.client.CloseIdleConnections()
	return nil
}

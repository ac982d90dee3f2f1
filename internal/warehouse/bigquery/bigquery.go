//go:build cloud

// Package bigquery reads BigQuery. It doesn't know what an explore is.
package bigquery

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"cloud.google.com/go/bigquery"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// Conn reaches one project.
type Conn struct {
	client   *bigquery.Client
	project  string // where the data lies
	dataset  string
	maxBytes int64
	batch    bool
	timeout  time.Duration
}

var known = []string{"project", "dataset", "keyfileContents", "authenticationType", "executionProject", "location", "priority", "maximumBytesBilled",
	"timeoutSeconds", "retries", "threads"}

// Open checks the settings; it doesn't connect yet. Faults: Invalid.
func Open(s warehouse.Settings, dial warehouse.Dial) (*Conn, error) {
	if err := s.Only(known...); err != nil {
		return nil, err
	}
	client, err := authorized(s, dial.Client())
	if err != nil {
		return nil, err
	}
	return open(s, option.WithHTTPClient(client))
}

// authorized makes a client of a service account's key. Other kinds of credentials are refused: they may name files,
// commands and addresses of the server's own network.
func authorized(s warehouse.Settings, client *http.Client) (*http.Client, error) {
	key, err := json.Marshal(s["keyfileContents"])
	if err != nil {
		return nil, fault.Coded(fault.Invalid, "Parameter", "keyfileContents isn't a key")
	}
	config, err := google.JWTConfigFromJSON(key, bigquery.Scope)
	if err != nil {
		return nil, fault.Coded(fault.Invalid, "Parameter", "keyfileContents must be the key of a service account")
	}
	return config.Client(context.WithValue(context.Background(), oauth2.HTTPClient, client)), nil
}

func open(s warehouse.Settings, options ...option.ClientOption) (*Conn, error) {
	project := s.Text("project", "")
	if project == "" || project == bigquery.DetectProjectID {
		return nil, fault.Coded(fault.Invalid, "Parameter", "A bigquery connection needs the setting project")
	}
	client, err := bigquery.NewClient(context.Background(), s.Text("executionProject", project), options...)
	if err != nil {
		return nil, warehouse.Unreachable(err, "The connection's settings can't be used")
	}
	client.Location = s.Text("location", "")
	return &Conn{client: client, project: project, dataset: s.Text("dataset", ""), maxBytes: int64(s.Number("maximumBytesBilled", 0)),
		batch: s.Text("priority", "interactive") == "batch", timeout: time.Duration(s.Number("timeoutSeconds", 0)) * time.Second}, nil
}

// Dialect names the SQL that the engine speaks.
func (c *Conn) Dialect() string { return "bigquery" }

// Query runs one statement as a job. Cancelling ctx cancels the job.
func (c *Conn) Query(ctx context.Context, st warehouse.Statement) (frame.Reader, error) {
	if err := warehouse.ReadsOnce("bigquery", st.SQL); err != nil { // a text of several statements would be a script
		return nil, err
	}
	if len(st.Args) > 0 {
		return nil, fault.New(fault.Internal, "bigquery takes statements without arguments")
	}
	job, err := c.start(ctx, st)
	if err != nil {
		return nil, rejected(ctx, err)
	}
	stop := context.AfterFunc(ctx, func() { cancel(job) })
	rows, err := job.Read(ctx)
	if err != nil {
		return nil, rejected(ctx, err)
	}
	return newRows(ctx, rows, stop)
}

// start hands the job over with a context that doesn't end: a job whose id isn't known yet couldn't be cancelled.
func (c *Conn) start(ctx context.Context, st warehouse.Statement) (*bigquery.Job, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	uncut, release := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer release()
	q := c.client.Query(st.SQL + st.Comment())
	if c.dataset != "" {
		q.DefaultProjectID, q.DefaultDatasetID = c.project, c.dataset
	}
	q.MaxBytesBilled, q.JobTimeout, q.Labels = c.maxBytes, c.timeout, labels(st.Tag)
	if c.batch {
		q.Priority = bigquery.BatchPriority
	}
	return q.Run(uncut)
}

// labels are the tag as far as BigQuery's letters go.
func labels(tag map[string]string) map[string]string {
	found := map[string]string{"application": "inlay"}
	for key, value := range tag {
		value = strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
				return r
			}
			return '_'
		}, strings.ToLower(value))
		found[key] = value[:min(len(value), 63)]
	}
	return found
}

// cancel stops a job; it may have ended meanwhile.
func cancel(job *bigquery.Job) {
	ctx, release := context.WithTimeout(context.Background(), 5*time.Second)
	defer release()
	_ = job.Cancel(ctx)
}

// Columns lists the columns of the datasets that are asked for, or of the connection's own.
func (c *Conn) Columns(ctx context.Context, relations []warehouse.Relation) ([]warehouse.Column, error) {
	if len(relations) == 0 {
		relations = []warehouse.Relation{{Schema: c.dataset}}
	}
	var columns []warehouse.Column
	listed := map[string]bool{}
	for _, r := range relations {
		project, dataset := r.Database, r.Schema
		if project == "" {
			project = c.project
		}
		if dataset == "" {
			dataset = c.dataset
		}
		place := "`" + strings.ReplaceAll(project+"."+dataset, "`", "") + "`"
		if listed[place] {
			continue
		}
		listed[place] = true
		rows, err := c.Query(ctx, warehouse.Statement{SQL: "SELECT table_catalog, table_schema, table_name, column_name, data_type FROM " + place +
			".INFORMATION_SCHEMA.COLUMNS ORDER BY table_name, ordinal_position"})
		if err != nil {
			return nil, err
		}
		found, err := warehouse.ReadColumns(ctx, rows, relations)
		if err != nil {
			return nil, err
		}
		columns = append(columns, found...)
	}
	return columns, nil
}

// Ping tells why the connection can't be used.
func (c *Conn) Ping(ctx context.Context) error {
	rows, err := c.Query(ctx, warehouse.Statement{SQL: "SELECT 1"})
	if err != nil {
		return err
	}
	return rows.Close()
}

// Close gives idle connections back.
func (c *Conn) Close() error { return c.client.Close() }

func rejected(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, err)
	}
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok {
		return warehouse.Unreachable(err, "Google refused the service account's key: %s", refused.ErrorDescription)
	}
	if failed, ok := errors.AsType[*bigquery.Error](err); ok {
		return warehouse.Rejected(err, failed.Message, 0, 0)
	}
	refused, ok := errors.AsType[*googleapi.Error](err)
	switch {
	case !ok || errors.Is(err, iterator.Done):
		return warehouse.Unreachable(err, "BigQuery can't be reached with these settings")
	case refused.Code == http.StatusBadRequest:
		line, char := place(refused.Message)
		return warehouse.Rejected(err, refused.Message, line, char)
	}
	return warehouse.Unreachable(err, "BigQuery refused: %s", refused.Message)
}

package duckdb

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	bindings "github.com/duckdb/duckdb-go-bindings"

	"inlay/internal/fault"
	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// rows is a running query: DuckDB computes a chunk when one is asked for.
type rows struct {
	owner    *Conn
	session  *session
	prepared bindings.PreparedStatement
	result   bindings.Result
	fields   []frame.Field
	readers  []reader
	once     sync.Once
	done     bool
}

func (c *Conn) run(ctx context.Context, s *session, st warehouse.Statement) (frame.Reader, error) {
	r := &rows{owner: c, session: s}
	if err := r.prepare(st); err != nil {
		r.destroy()
		return nil, err
	}
	var state bindings.State
	var message string
	interruptible(ctx, s, func() { state, message = r.execute() })
	if state == bindings.StateError {
		r.destroy()
		return nil, r.failed(ctx, message)
	}
	if err := r.describe(); err != nil {
		r.destroy()
		return nil, err
	}
	return r, nil
}

func (r *rows) prepare(st warehouse.Statement) error {
	var extracted bindings.ExtractedStatements
	count := bindings.ExtractStatements(r.session.conn, st.SQL, &extracted)
	defer bindings.DestroyExtracted(&extracted)
	if count == 0 {
		message := bindings.ExtractStatementsError(extracted)
		if message == "" {
			message = "Parser Error: there is no statement\n\nLINE 1: \n        ^"
		}
		return rejected(message)
	}
	if count != 1 {
		return warehouse.Rejected(nil, "Only one statement can be run at a time", 0, 0)
	}
	if bindings.PrepareExtractedStatement(r.session.conn, extracted, 0, &r.prepared) == bindings.StateError {
		return rejected(bindings.PrepareError(r.prepared))
	}
	if bindings.PreparedStatementType(r.prepared) != bindings.StatementTypeSelect {
		return warehouse.Rejected(nil, "Only a SELECT can be run here", 0, 0)
	}
	return r.bind(st.Args)
}

func (r *rows) bind(args []any) error {
	if wanted := int(bindings.NParams(r.prepared)); wanted != len(args) {
		return warehouse.Rejected(nil, fmt.Sprintf("The statement takes %d arguments, not %d", wanted, len(args)), 0, 0)
	}
	for i, arg := range args {
		at := bindings.IdxT(i + 1)
		var state bindings.State
		switch value := arg.(type) {
		case nil:
			state = bindings.BindNull(r.prepared, at)
		case string:
			state = bindings.BindVarcharLength(r.prepared, at, value, bindings.IdxT(len(value)))
		case bool:
			state = bindings.BindBoolean(r.prepared, at, value)
		case int:
			state = bindings.BindInt64(r.prepared, at, int64(value))
		case int64:
			state = bindings.BindInt64(r.prepared, at, value)
		case float64:
			state = bindings.BindDouble(r.prepared, at, value)
		case time.Time:
			text := value.UTC().Format("2006-01-02 15:04:05.999999")
			state = bindings.BindVarcharLength(r.prepared, at, text, bindings.IdxT(len(text)))
		default:
			return fault.New(fault.Internal, "An argument of type %T can't be bound", arg)
		}
		if state == bindings.StateError {
			return fault.New(fault.Internal, "Argument %d could not be bound", i+1)
		}
	}
	return nil
}

func (r *rows) execute() (bindings.State, string) {
	var pending bindings.PendingResult
	if bindings.PendingPreparedStreaming(r.prepared, &pending) == bindings.StateError {
		message := bindings.PendingError(pending)
		bindings.DestroyPending(&pending)
		return bindings.StateError, message
	}
	defer bindings.DestroyPending(&pending)
	if bindings.ExecutePending(pending, &r.result) == bindings.StateError {
		return bindings.StateError, bindings.ResultError(&r.result)
	}
	return bindings.StateSuccess, ""
}

func (r *rows) describe() error {
	count := int(bindings.ColumnCount(&r.result))
	r.fields, r.readers = make([]frame.Field, count), make([]reader, count)
	for i := range count {
		logical := bindings.ColumnLogicalType(&r.result, bindings.IdxT(i))
		made, err := readerOf(logical)
		bindings.DestroyLogicalType(&logical)
		name := bindings.ColumnName(&r.result, bindings.IdxT(i))
		if err != nil {
			return warehouse.Rejected(err, fmt.Sprintf("The column %q can't be read: %s; cast it to text", name, err), 0, 0)
		}
		r.fields[i] = frame.Field{Name: name, Kind: made.kind, Type: made.name}
		r.readers[i] = made
	}
	return nil
}

// interruptible runs a call into DuckDB that may take long, and interrupts it when ctx ends. An interrupt that comes
// before the engine listens is lost, so it is repeated.
func interruptible(ctx context.Context, s *session, call func()) {
	if ctx.Done() == nil {
		call()
		return
	}
	finished, gone := make(chan struct{}), make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(gone)
		for {
			bindings.Interrupt(s.conn)
			select {
			case <-finished:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	call()
	close(finished)
	if !stop() {
		<-gone
	}
}

// Fields describes the columns.
func (r *rows) Fields() []frame.Field { return r.fields }

// Next gives DuckDB's next chunk, at most 2048 rows.
func (r *rows) Next(ctx context.Context) (*frame.Batch, error) {
	if r.done {
		return nil, io.EOF
	}
	if ctx.Err() != nil {
		return nil, warehouse.Stopped(ctx, ctx.Err())
	}
	var chunk bindings.DataChunk
	interruptible(ctx, r.session, func() { chunk = bindings.FetchChunk(r.result) })
	if chunk.Ptr == nil {
		r.done = true
		if message := bindings.ResultError(&r.result); message != "" {
			return nil, r.failed(ctx, message)
		}
		if ctx.Err() != nil {
			return nil, warehouse.Stopped(ctx, ctx.Err())
		}
		return nil, io.EOF
	}
	defer bindings.DestroyDataChunk(&chunk)
	batch := &frame.Batch{Rows: int(bindings.DataChunkGetSize(chunk)), Columns: make([]frame.Column, len(r.readers))}
	if batch.Rows == 0 {
		r.done = true
		return nil, io.EOF
	}
	for i := range r.readers {
		batch.Columns[i] = r.readers[i].column(bindings.DataChunkGetVector(chunk, bindings.IdxT(i)), batch.Rows)
	}
	return batch, nil
}

func (r *rows) failed(ctx context.Context, message string) error {
	if ctx.Err() != nil {
		return warehouse.Stopped(ctx, errors.New(message))
	}
	return rejected(message)
}

func (r *rows) destroy() {
	bindings.DestroyResult(&r.result)
	bindings.DestroyPrepare(&r.prepared)
}

// Close ends the query and gives its session back.
func (r *rows) Close() error {
	r.once.Do(func() {
		r.done = true
		r.destroy()
		r.owner.release(r.session)
	})
	return nil
}

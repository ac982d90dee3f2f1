package postgres

import (
	"context"
	"fmt"
	"io"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"inlay/internal/frame"
	"inlay/internal/warehouse"
)

// batchRows is how many rows are gathered; the rest waits in the socket.
const batchRows = 2048

type rows struct {
	conn     *pgxpool.Conn
	found    pgx.Rows
	sql      string
	fields   []frame.Field
	decoders []decoder
	done     bool
	once     sync.Once
}

func newRows(conn *pgxpool.Conn, found pgx.Rows, sql string) *rows {
	r := &rows{conn: conn, found: found, sql: sql}
	types := conn.Conn().TypeMap()
	for _, column := range found.FieldDescriptions() {
		decode := decoderOf(column, types)
		name := fmt.Sprintf("oid %d", column.DataTypeOID)
		if known, ok := types.TypeForOID(column.DataTypeOID); ok {
			name = known.Name
		}
		r.fields = append(r.fields, frame.Field{Name: column.Name, Kind: decode.kind, Type: name})
		r.decoders = append(r.decoders, decode)
	}
	return r
}

// Fields describes the columns.
func (r *rows) Fields() []frame.Field { return r.fields }

// Next gathers a batch from the socket.
func (r *rows) Next(ctx context.Context) (*frame.Batch, error) {
	if r.done {
		return nil, io.EOF
	}
	if ctx.Err() != nil {
		return nil, warehouse.Stopped(ctx, ctx.Err())
	}
	batch := &frame.Batch{Columns: make([]frame.Column, len(r.decoders))}
	for i, d := range r.decoders {
		batch.Columns[i] = frame.NewColumn(d.kind, 64)
	}
	for batch.Rows < batchRows {
		if !r.found.Next() {
			r.done = true
			break
		}
		if err := r.read(batch); err != nil {
			return nil, err
		}
	}
	if err := r.found.Err(); r.done && err != nil {
		return nil, rejected(ctx, r.sql, err)
	}
	if batch.Rows == 0 {
		return nil, io.EOF
	}
	for i := range batch.Columns {
		batch.Columns[i].Seal()
	}
	return batch, nil
}

func (r *rows) read(batch *frame.Batch) error {
	for i, data := range r.found.RawValues() {
		if data == nil {
			batch.Columns[i].AppendNull()
			continue
		}
		if err := r.decoders[i].add(&batch.Columns[i], data); err != nil {
			return warehouse.Rejected(err, fmt.Sprintf("The column %q holds a value that can't be read", r.fields[i].Name), 0, 0)
		}
	}
	batch.Rows++
	return nil
}

// Close ends the query and its transaction.
func (r *rows) Close() error {
	r.once.Do(func() {
		if !r.done { // what is left could be large: the connection is cheaper to lose than to drain
			r.abandon()
			return
		}
		r.found.Close()
		giveBack(r.conn)
	})
	return nil
}

func (r *rows) abandon() {
	r.done = true
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = r.conn.Conn().PgConn().CancelRequest(context.WithoutCancel(ctx)) // best effort: the connection is closed next
	_ = r.conn.Conn().Close(ctx)
	r.found.Close()
	r.conn.Release()
}

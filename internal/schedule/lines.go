package schedule

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"inlay/internal/fault"
)

// Page gives rows of a ready query, raw and formatted. first is the number of the first of them, from 0.
func (s *Service) Page(ctx context.Context, q Query, first, size int) ([]json.RawMessage, error) {
	rows := []json.RawMessage{}
	err := s.eachLine(ctx, q, func(n int, _, shown []byte) error {
		if n >= first+size {
			return io.EOF
		}
		if n >= first {
			rows = append(rows, bytes.Clone(shown))
		}
		return nil
	})
	return rows, err
}

// WriteRaw writes the rows of a ready query as lines of raw values.
func (s *Service) WriteRaw(ctx context.Context, q Query, w io.Writer) error {
	out := bufio.NewWriter(w)
	err := s.eachLine(ctx, q, func(_ int, raw, _ []byte) error {
		_, _ = out.Write(raw) // the writer remembers its first error
		return out.WriteByte('\n')
	})
	if err != nil {
		return err
	}
	return out.Flush()
}

// eachLine calls f with the number and the halves of each line of a result, until it answers io.EOF.
func (s *Service) eachLine(ctx context.Context, q Query, f func(n int, raw, shown []byte) error) error {
	file, err := os.Open(s.at(q.ID))
	if errors.Is(err, fs.ErrNotExist) {
		return noQuery(q.ID)
	}
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The result could not be read")
	}
	defer func() { _ = file.Close() }() // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, queryBytes)
	for n := 0; lines.Scan(); n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		raw, shown, _ := bytes.Cut(lines.Bytes(), []byte("\t"))
		if err := f(n, raw, shown); err != nil {
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fault.Wrap(fault.Internal, err, "The result could not be read")
	}
	return nil
}

// dropOldest keeps the queries of one asker within bounds.
func (s *Service) dropOldest(ctx context.Context, owner string) error {
	var old []string
	err := s.db.NewSelect().Model((*queryRow)(nil)).Column("id").Where("asker = ?", owner).
		OrderExpr("created_at DESC").Limit(100).Offset(queriesOf-1).Scan(ctx, &old)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Old queries could not be found")
	}
	return s.dropQueries(ctx, old)
}

// sweepQueries drops what expired.
func (s *Service) sweepQueries(ctx context.Context, now time.Time) error {
	var old []string
	err := s.db.NewSelect().Model((*queryRow)(nil)).Column("id").Where("expires_at < ?", now).Limit(10000).Scan(ctx, &old)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "Old queries could not be found")
	}
	return s.dropQueries(ctx, old)
}

func (s *Service) dropQueries(ctx context.Context, ids []string) error {
	for _, id := range ids {
		if cancel, ok := s.queries.Load(id); ok {
			cancel.(context.CancelFunc)()
		}
		if err := os.Remove(s.at(id)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.Wrap(fault.Internal, err, "An old result could not be removed")
		}
		if _, err := s.db.NewDelete().Model((*queryRow)(nil)).Where("id = ?", id).Exec(ctx); err != nil {
			return fault.Wrap(fault.Internal, err, "An old query could not be forgotten")
		}
	}
	return nil
}

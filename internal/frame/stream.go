package frame

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
)

// Each calls f with every batch.
func Each(ctx context.Context, rows Reader, f func(*Batch) error) error {
	for {
		batch, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := f(batch); err != nil {
			return err
		}
	}
}

// encoder adds the text of a batch to dst; first tells that no batch with rows came before it. Several run at once.
type encoder func(dst []byte, batch *Batch, first bool) []byte

// eachRow encodes batches row by row, with something between the rows.
func eachRow(between string, row func(dst []byte, batch *Batch, i int) []byte) encoder {
	return func(dst []byte, batch *Batch, first bool) []byte {
		for i := range batch.Rows {
			if !first || i > 0 {
				dst = append(dst, between...)
			}
			dst = row(dst, batch, i)
		}
		return dst
	}
}

// page is a batch on its way to becoming text.
type page struct {
	batch *Batch
	text  []byte
	err   error
	done  chan struct{}
}

// stream writes head, the text of every batch in order, and tail; it counts the rows. The first batch goes out at once;
// those after it are encoded on all processors while the next ones are read, a few at a time.
func stream(ctx context.Context, w io.Writer, rows Reader, head, tail string, encode encoder) (int, error) {
	batch, err := rows.Next(ctx)
	for err == nil && batch.Rows == 0 {
		batch, err = rows.Next(ctx)
	}
	if errors.Is(err, io.EOF) {
		_, err = io.WriteString(w, head+tail)
		return 0, err
	}
	if err != nil {
		return 0, err
	}
	room := len(head) + 64*batch.Rows*len(batch.Columns) // about what rows take as JSON
	text := encode(append(make([]byte, 0, room), head...), batch, true)
	if _, err := w.Write(text); err != nil {
		return 0, err
	}
	rest, err := spread(ctx, w, rows, encode, room)
	if err == nil {
		_, err = io.WriteString(w, tail)
	}
	return batch.Rows + rest, err
}

func spread(ctx context.Context, w io.Writer, rows Reader, encode encoder, room int) (count int, err error) {
	ctx, stop := context.WithCancel(ctx)
	var group sync.WaitGroup
	defer group.Wait()
	defer stop()
	workers := runtime.GOMAXPROCS(0)
	todo, inOrder := make(chan *page), make(chan *page, workers)
	buffers := make(chan []byte, 2*workers)
	for range workers {
		group.Go(func() {
			for p := range todo {
				p.encode(encode, buffers, room)
			}
		})
	}
	group.Go(func() {
		defer close(inOrder)
		defer close(todo)
		read(ctx, rows, todo, inOrder)
	})
	for p := range inOrder {
		<-p.done
		if p.err != nil {
			return count, p.err
		}
		if _, err := w.Write(p.text); err != nil {
			return count, err
		}
		count += p.batch.Rows
		select {
		case buffers <- p.text:
		default:
		}
	}
	return count, nil
}

// read hands every batch to whoever encodes it, and to whoever writes it, until the end or the first error.
func read(ctx context.Context, rows Reader, todo, inOrder chan<- *page) {
	for {
		p := &page{done: make(chan struct{})}
		p.guard(func() { p.batch, p.err = rows.Next(ctx) })
		if errors.Is(p.err, io.EOF) {
			return
		}
		if p.err != nil {
			close(p.done)
		}
		select {
		case inOrder <- p:
		case <-ctx.Done():
			return
		}
		if p.err != nil {
			return
		}
		todo <- p
	}
}

func (p *page) encode(encode encoder, buffers <-chan []byte, room int) {
	defer close(p.done)
	var buffer []byte
	select {
	case buffer = <-buffers:
	default:
		buffer = make([]byte, 0, room)
	}
	p.guard(func() { p.text = encode(buffer[:0], p.batch, false) })
}

// guard makes a panic the page's error: it would end the process here.
func (p *page) guard(work func()) {
	defer func() {
		if trouble := recover(); trouble != nil {
			p.err = fmt.Errorf("the rows could not be read or written: %v", trouble)
		}
	}()
	work()
}

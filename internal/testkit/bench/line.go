package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// line is one connection to the server. It costs next to nothing itself, so that the server has the processor when many
// of them ask at once.
type line struct {
	to            net.Conn
	from          *bufio.Reader
	authorization string
}

// lines opens a number of connections on which the demo's admin reads.
func (s *running) lines(count int) (all []*line, hangUp func(), err error) {
	hangUp = func() {
		for _, l := range all {
			_ = l.to.Close() // everything was read
		}
	}
	for range count {
		to, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
		if err != nil {
			hangUp()
			return nil, nil, err
		}
		all = append(all, &line{to, bufio.NewReaderSize(to, 64<<10), s.admin()})
	}
	return all, hangUp, nil
}

// get reads a whole answer and throws it away.
func (l *line) get(path string) error {
	if _, err := fmt.Fprintf(l.to, "GET %s HTTP/1.1\r\nHost: inlay\r\nAuthorization: %s\r\n\r\n", path, l.authorization); err != nil {
		return err
	}
	answer, err := http.ReadResponse(l.from, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end below
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s answered %s", path, answer.Status)
	}
	return nil
}

package store_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"inlay/internal/fault"
	"inlay/internal/store"
)

func TestAFileThatAnotherProcessHoldsIsRefusedWithItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "held.db")
	holder, err := sql.Open("sqlite", "file:"+path+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Close() }()
	tx, err := holder.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := store.Open(context.Background(), path); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.As(err).Message, "held.db") {
		t.Errorf("got %v", err)
	}
}

package warehouse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"inlay/internal/frame"
)

// ReadColumns reads rows of database, schema, table, column and type, and keeps those of the wanted relations (all
// when none is wanted). Parts of a relation that are empty fit anything.
func ReadColumns(ctx context.Context, rows frame.Reader, wanted []Relation) ([]Column, error) {
	defer rows.Close()
	var columns []Column
	for {
		batch, err := rows.Next(ctx)
		if errors.Is(err, io.EOF) {
			return columns, nil
		}
		if err != nil {
			return nil, err
		}
		for i := range batch.Rows {
			part := func(n int) string { return batch.Columns[n].Strings[i] }
			column := Column{Database: part(0), Schema: part(1), Table: part(2), Name: part(3), Type: part(4)}
			if fits(column, wanted) {
				columns = append(columns, column)
			}
		}
	}
}

func fits(c Column, wanted []Relation) bool {
	same := func(a, b string) bool { return a == "" || strings.EqualFold(a, b) }
	for _, r := range wanted {
		if same(r.Database, c.Database) && same(r.Schema, c.Schema) && same(r.Table, c.Table) {
			return true
		}
	}
	return len(wanted) == 0
}

// ColumnsOfCatalogs reads the columns of every catalog that the relations name, or of the connection's own, by a
// statement with a %s where the catalog belongs.
func ColumnsOfCatalogs(ctx context.Context, c Conn, wanted []Relation, quote, statement string) ([]Column, error) {
	catalogs := []string{}
	for _, r := range wanted {
		if !slices.Contains(catalogs, r.Database) {
			catalogs = append(catalogs, r.Database)
		}
	}
	if len(catalogs) == 0 {
		catalogs = []string{""}
	}
	var columns []Column
	for _, catalog := range catalogs {
		from := ""
		if catalog != "" {
			from = quote + strings.ReplaceAll(catalog, quote, quote+quote) + quote + "."
		}
		rows, err := c.Query(ctx, Statement{SQL: fmt.Sprintf(statement, from)})
		if err != nil {
			return nil, err
		}
		found, err := ReadColumns(ctx, rows, wanted)
		if err != nil {
			return nil, err
		}
		columns = append(columns, found...)
	}
	return columns, nil
}

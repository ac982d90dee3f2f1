package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"inlay/internal/metric"
	"inlay/internal/semantic"
	"inlay/internal/sqlgen"
)

func check() *cobra.Command {
	dialect := "duckdb"
	command := &cobra.Command{Use: "check MODELS", Short: "Validate a folder of YAML models or a dbt manifest, and print every fault",
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			model, err := loadModel(args[0], dialect)
			if err != nil {
				return err
			}
			faults := 0
			for _, problem := range problems(model) {
				faults++
				c.Println(line(problem))
			}
			if faults > 0 {
				return fmt.Errorf("%d faults", faults)
			}
			c.Printf("%d explores, no faults\n", len(model.Explores))
			return nil
		}}
	command.Flags().StringVar(&dialect, "dialect", dialect, "the warehouse's SQL")
	return command
}

// problems are those of the source and of the explores that can't be used, each once.
func problems(model *semantic.Model) []semantic.Problem {
	all, seen := append([]semantic.Problem{}, model.Problems...), map[string]bool{}
	for _, explore := range model.Explores {
		for _, problem := range explore.Errors {
			problem.Model = cmp.Or(problem.Model, explore.Name)
			all = append(all, problem)
		}
	}
	unique := all[:0]
	for _, problem := range all {
		if key := problem.Model + "\x00" + problem.Field + "\x00" + problem.Message; !seen[key] {
			seen[key] = true
			unique = append(unique, problem)
		}
	}
	return unique
}

// line is file:line: model.field: message.
func line(p semantic.Problem) string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d", p.Line)
		}
		b.WriteString(": ")
	}
	if p.Model != "" {
		b.WriteString(p.Model)
		if p.Field != "" {
			b.WriteString("." + p.Field)
		}
		b.WriteString(": ")
	}
	return b.String() + p.Message
}

func loadModel(path, dialect string) (*semantic.Model, error) {
	o := semantic.Options{Dialect: dialect}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("the models can't be read: %w", err)
	}
	if info.IsDir() {
		return semantic.LoadYAML(os.DirFS(path), nil, o)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the manifest can't be read: %w", err)
	}
	return semantic.LoadManifest(data, nil, o)
}

func compile() *cobra.Command {
	dialect, models, explore := "duckdb", "", ""
	command := &cobra.Command{Use: "compile QUERY.json", Short: "Print the SQL of a metric query", Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			data, err := os.ReadFile(args[0])
			if err != nil {
				return fmt.Errorf("the query can't be read: %w", err)
			}
			var q metric.Query
			if err := json.Unmarshal(data, &q); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			model, err := loadModel(models, dialect)
			if err != nil {
				return err
			}
			text, err := compileQuery(model, cmp.Or(explore, q.ExploreName), q, dialect)
			if err != nil {
				return err
			}
			c.Println(text)
			return nil
		}}
	command.Flags().StringVar(&dialect, "dialect", dialect, "the warehouse's SQL")
	command.Flags().StringVar(&models, "models", "models", "folder of YAML models, or a dbt manifest")
	command.Flags().StringVar(&explore, "explore", "", "explore, when the query doesn't name one")
	return command
}

// compileQuery plans for somebody at the command line, who sees the whole model and may write SQL: every table is open.
func compileQuery(model *semantic.Model, name string, q metric.Query, dialect string) (string, error) {
	for _, explore := range model.Explores {
		if explore.Name != name {
			continue
		}
		if len(explore.Errors) > 0 {
			return "", errors.New(line(explore.Errors[0]))
		}
		policy := metric.AllOpen(slices.Collect(maps.Keys(explore.Tables)), "compiled at the command line")
		plan, err := metric.Build(explore, q, policy, metric.Options{TrustSQL: true, Now: time.Now()})
		if err != nil {
			return "", err
		}
		return sqlgen.Generate(dialect, plan)
	}
	return "", fmt.Errorf("there is no explore %q", name)
}

// Package codefiles keeps a project's spaces, charts and dashboards in a folder of YAML files, through the API of a
// running server. It knows files and addresses, and nothing of what the documents hold.
package codefiles

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Client calls a server's API with somebody's token.
type Client struct {
	URL     string // of the server, such as https://inlay.example.com
	Token   string // a personal access token
	Project string // uuid; empty when the token's owner sees one project only
	HTTP    *http.Client
}

// answerLimit is the greatest answer that is read.
const answerLimit = 256 << 20

// call sends a request and decodes the results into out.
func (c *Client) call(ctx context.Context, method, path string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(c.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "ApiKey "+c.Token)
	r.Header.Set("Content-Type", "application/json")
	response, err := c.HTTP.Do(r)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s", method, path, complaint(response.Status, data))
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	return decoder.Decode(&struct {
		Results any `json:"results"`
	}{out})
}

// complaint is what the server says went wrong.
func complaint(status string, body []byte) string {
	var answer struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &answer) != nil || answer.Error.Message == "" {
		return status
	}
	return answer.Error.Message
}

// settle finds the project when none was named.
func (c *Client) settle(ctx context.Context) error {
	if c.Project != "" {
		return nil
	}
	var projects []struct {
		UUID string `json:"projectUuid"`
	}
	if err := c.call(ctx, http.MethodGet, "/api/v1/org/projects", nil, &projects); err != nil {
		return err
	}
	if len(projects) != 1 {
		return errors.New("say which project: there are " + strconv.Itoa(len(projects)))
	}
	c.Project = projects[0].UUID
	return nil
}

func (c *Client) path(kind string) string {
	return "/api/v1/projects/" + url.PathEscape(c.Project) + "/code/" + kind
}

// documents fetches all documents of a kind.
func (c *Client) documents(ctx context.Context, kind string) ([]map[string]any, error) {
	all := []map[string]any{}
	for {
		page := map[string]any{}
		if err := c.call(ctx, http.MethodGet, c.path(kind)+"?offset="+strconv.Itoa(len(all)), nil, &page); err != nil {
			return nil, err
		}
		list, _ := page[kind].([]any)
		for _, item := range list {
			document, ok := item.(map[string]any)
			if !ok {
				return nil, fmt.Errorf("the server's %s aren't documents", kind)
			}
			all = append(all, document)
		}
		total, err := strconv.Atoi(fmt.Sprint(page["total"]))
		if err != nil || len(list) == 0 || len(all) >= total {
			return all, err
		}
	}
}

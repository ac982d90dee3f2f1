package schedule

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"

	"inlay/internal/access"
	"inlay/internal/fault"
	"inlay/internal/secret"
	"inlay/internal/store"
)

// File is a kept file, open for reading. Close it.
type File struct {
	io.ReadSeekCloser
	Name, ContentType string
	Created           time.Time
}

type fileRow struct {
	bun.BaseModel `bun:"table:task_files"`
	TokenHash     string    `bun:"token_hash,pk"`
	Project       string    `bun:"project_uuid"`
	CreatedBy     string    `bun:"created_by"`
	Organization  string    `bun:"organization_uuid"`
	Rights        string    `bun:"rights"`
	Name          string    `bun:"name"`
	ContentType   string    `bun:"content_type"`
	Place         string    `bun:"place"`
	CreatedAt     time.Time `bun:"created_at"`
	ExpiresAt     time.Time `bun:"expires_at"`
}

// Keep writes a file and gives the token by which it can be fetched until it expires. The token is random and only its
// hash is stored: who has it has the file.
func (s *Service) Keep(ctx context.Context, who access.Principal, project, name, contentType string, write func(w io.Writer) error) (string, error) {
	rights, err := s.rights(ctx, who.Organization, project, who.User)
	if err != nil {
		return "", err
	}
	token := secret.Token(24)
	place := secret.Hash(token)
	if err := s.writeFile(place, write); err != nil {
		return "", err
	}
	now := s.options.Now().UTC()
	row := &fileRow{TokenHash: place, Project: project, CreatedBy: owner(who), Organization: who.Organization, Rights: rights, Name: name, ContentType: contentType, Place: place,
		CreatedAt: now, ExpiresAt: now.Add(s.options.Keep)}
	if _, err := s.db.NewInsert().Model(row).Exec(ctx); err != nil {
		_ = os.Remove(s.at(place)) // nobody could fetch it
		return "", fault.Wrap(fault.Internal, err, "The file could not be kept")
	}
	return token, nil
}

// rights spell what an account may see of a project now; empty for nobody and for nothing.
func (s *Service) rights(ctx context.Context, organization, project, user string) (string, error) {
	if s.options.People == nil || user == "" {
		return "", nil
	}
	who, err := s.options.People.PrincipalOf(ctx, organization, user)
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Forbidden) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if !access.Can(who, access.View, access.Thing{Subject: access.Project, Organization: organization, Project: project}) {
		return "", nil
	}
	return asker(who)
}

func (s *Service) at(place string) string { return filepath.Join(s.options.Files, place) }

func (s *Service) writeFile(place string, write func(w io.Writer) error) error {
	file, err := os.OpenFile(s.at(place), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "The file could not be made")
	}
	err = write(file)
	if closed := file.Close(); err == nil && closed != nil {
		err = fault.Wrap(fault.Internal, closed, "The file could not be written")
	}
	if err != nil {
		_ = os.Remove(s.at(place)) // half a file is worse than none
	}
	return err
}

// Open finds a file of a project by its token. A token for another project, an expired one, one that never was and one
// whose maker has other rights by now, so that the file may hold what they mustn't see any more, look the same. So does
// an archive: nobody opens one by its token alone.
func (s *Service) Open(ctx context.Context, project, token string) (*File, error) {
	return s.open(ctx, project, token, "")
}

// OpenOwn is Open for files that only their maker may read, archives among them.
func (s *Service) OpenOwn(ctx context.Context, who access.Principal, project, token string) (*File, error) {
	if owner(who) == "" {
		return nil, fault.New(fault.NotFound, "Cannot find file")
	}
	return s.open(ctx, project, token, owner(who))
}

func (s *Service) open(ctx context.Context, project, token, maker string) (*File, error) {
	row := &fileRow{}
	find := s.db.NewSelect().Model(row).Where("token_hash = ?", secret.Hash(token)).Where("project_uuid = ?", project).
		Where("expires_at > ?", s.options.Now().UTC())
	if maker != "" {
		find = find.Where("created_by = ?", maker)
	} else {
		find = find.Where("content_type <> ?", zipFile.ContentType)
	}
	err := find.Scan(ctx)
	if store.NotFound(err) {
		return nil, fault.New(fault.NotFound, "Cannot find file")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "The file could not be found")
	}
	if row.Rights != "" {
		now, err := s.rights(ctx, row.Organization, project, row.CreatedBy)
		if err != nil {
			return nil, err
		}
		if now != row.Rights {
			return nil, fault.New(fault.NotFound, "Cannot find file")
		}
	}
	file, err := os.Open(s.at(row.Place))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "Cannot find file")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "The file could not be read")
	}
	return &File{ReadSeekCloser: file, Name: row.Name, ContentType: row.ContentType, Created: row.CreatedAt}, nil
}

func (s *Service) dropFiles(ctx context.Context, now time.Time) error {
	var rows []fileRow
	if err := s.db.NewSelect().Model(&rows).Where("expires_at < ?", now).Limit(1000).Scan(ctx); err != nil {
		return fault.Wrap(fault.Internal, err, "Old files could not be found")
	}
	for _, row := range rows {
		if err := os.Remove(s.at(row.Place)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fault.Wrap(fault.Internal, err, "An old file could not be removed")
		}
		if _, err := s.db.NewDelete().Model((*fileRow)(nil)).Where("token_hash = ?", row.TokenHash).Exec(ctx); err != nil {
			return fault.Wrap(fault.Internal, err, "An old file could not be forgotten")
		}
	}
	return nil
}

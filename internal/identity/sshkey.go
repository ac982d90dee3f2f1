package identity

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"strings"

	"golang.org/x/crypto/ssh"

	"inlay/internal/access"
)

const sealSSHKey = "ssh key"

// CreateSSHKey makes a key pair for tunnels to warehouses. Only the public half leaves; the private one is sealed.
func (s *Service) CreateSSHKey(ctx context.Context, who access.Principal) (publicKey string, err error) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return "", err
	}
	line, err := ssh.NewPublicKey(public)
	if err != nil {
		return "", err
	}
	block, err := ssh.MarshalPrivateKey(private, "inlay")
	if err != nil {
		return "", err
	}
	sealed, err := s.secret.Seal(sealSSHKey, pem.EncodeToMemory(block))
	if err != nil {
		return "", err
	}
	publicKey = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(line))) + " inlay"
	row := sshKeyRow{PublicKey: publicKey, OrganizationID: optional(who.Organization), Sealed: sealed, CreatedAt: s.now()}
	_, err = s.db.NewInsert().Model(&row).Exec(ctx)
	return publicKey, err
}

// SSHPrivateKey gives the private half of one of an organization's key pairs, for the tunnel only. Faults: NotFound.
func (s *Service) SSHPrivateKey(ctx context.Context, organization, publicKey string) ([]byte, error) {
	row := sshKeyRow{}
	err := s.db.NewSelect().Model(&row).Where("public_key = ?", publicKey).
		Where("organization_id = ?", organization).Scan(ctx)
	if err != nil {
		return nil, missing(err, "", "There is no such SSH key")
	}
	return s.secret.Open(sealSSHKey, row.Sealed)
}

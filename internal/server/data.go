package server

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/klatch/klatch/fault"
	"github.com/klatch/klatch/internal/conf"
	"github.com/klatch/klatch/internal/record"
	"github.com/klatch/klatch/internal/store"
)

// openData makes the data directory usable and reads, or makes once, the two secrets in it.
func (s *Server) openData() (secretKey []byte, err error) {
	dir := s.conf.Data.Dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, dataFault(dir, err)
	}
	if set := s.conf.Data.SecretKey; set != "" {
		secretKey, err = hex.DecodeString(set)
	} else {
		secretKey, err = store.LoadSecretKey(filepath.Join(dir, "secret-key"))
	}
	if isFileError(err) {
		return nil, dataFault(dir, err)
	}
	if wrong, ok := errors.AsType[*store.SecretKeyError](err); ok {
		return nil, fault.StartupFailedSecretKey(wrong.Error()).Because(err)
	}
	if err != nil {
		return nil, dataFault(dir, err)
	}
	if s.adminToken = s.conf.Admin.Token; s.adminToken == "" {
		if s.adminToken, err = loadAdminToken(filepath.Join(dir, "admin-token")); err != nil {
			return nil, dataFault(dir, err)
		}
	}
	return secretKey, nil
}

// loadAdminToken reads the token, or makes one of 128 random bits that only this user can read. One that is too short
// to be a credential was spoiled or put there by hand.
func loadAdminToken(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if token := strings.TrimSpace(string(raw)); err == nil && token != "" {
		if want, ok := conf.IsAdminToken(token); !ok {
			return "", fmt.Errorf(
				"the admin token in %s has %d characters; it takes %s; without the file one is made",
				path,
				len(token),
				want,
			)
		}
		return token, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	token := "adm_" + rand.Text()
	return token, os.WriteFile(path, []byte(token+"\n"), 0o600)
}

// isFileError reports whether the file system refused, whatever stands in the file.
func isFileError(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return true
	}
	_, ok := errors.AsType[*os.LinkError](err)
	return ok
}

// dataFault returns what the file system refused, and where in the data directory.
func dataFault(dir string, err error) *fault.Error {
	problem := err.Error()
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		problem = pathErr.Err.Error()
		if name, err := filepath.Rel(dir, pathErr.Path); err == nil && name != "." && !strings.HasPrefix(name, "..") {
			problem = pathErr.Op + " " + name + ": " + problem
		}
	}
	return fault.StartupFailedDataDir(dir, problem).Because(err)
}

// openStore opens the database and closes the sessions that a killed server left open in it.
func (s *Server) openStore(ctx context.Context, secretKey []byte) (*store.Store, error) {
	url := s.conf.Database.URL
	if url == "" {
		url = filepath.Join(s.conf.Data.Dir, "klatch.db")
	}
	opened, err := store.OpenWith(ctx, store.Options{
		URL: url, SecretKey: secretKey, Cluster: s.conf.IsCluster(),
		LockURL: s.conf.Database.LockURL, LockWait: s.conf.Database.LockWait,
		Faults: record.FaultRetention{
			KeepFor: s.conf.Faults.KeepFor, PerAccount: s.conf.Faults.PerAccount, PerReason: s.conf.Faults.PerReason,
		},
		Waiting: func(holder string) {
			s.log.Info(
				"waiting for the database, which another server uses",
				"holder",
				holder,
				"atMost",
				s.conf.Database.LockWait.String(),
			)
		},
		Logged: func(problem string) { s.log.Warn("database", "problem", problem) },
	})
	if err != nil {
		return nil, store.OpenFault(url, err)
	}
	orphans, err := opened.CloseOrphans(ctx, time.Now())
	if err != nil {
		return nil, errors.Join(fault.StartupFailedDatabase(err.Error()).Because(err), opened.Close())
	}
	if orphans > 0 {
		s.log.Warn("closed the sessions that the last run left open", "sessions", orphans)
	}
	return opened, nil
}

// listenFault returns why an address could not be listened on.
func listenFault(err error, address, setting string) *fault.Error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fault.StartupFailedAddressInUse(address, setting).Because(err)
	}
	problem := err
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		problem = errno
	}
	return fault.StartupFailedAddressUnusable(address, setting, problem.Error()).Because(err)
}

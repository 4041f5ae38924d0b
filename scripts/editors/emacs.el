;;; -*- lexical-binding: t -*-
;; Drives Eglot without a window. Each line that it prints is "KEY: TEXT".
(require 'cl-lib)
(require 'eglot)
(require 'flymake)

(defun demo-say (key text)
  (princ (format "%s: %s\n" key (replace-regexp-in-string "\n" " " (format "%s" text)))))

(defun demo-fail (text)
  (demo-say "failed" text)
  (kill-emacs 1))

(defun demo-wait (condition)
  "Waits until CONDITION is true, for at most twenty seconds."
  (let ((deadline (+ (float-time) 20)))
    (while (and (not (funcall condition)) (< (float-time) deadline))
      (accept-process-output nil 0.05))))

;; The project is the workspace's root, not the folder of the file.
(setq project-find-functions
      (list (lambda (_folder) (cons 'transient (file-name-as-directory (getenv "PROVENDER_ROOT"))))))
(setq eglot-confirm-server-initiated-edits nil
      eglot-sync-connect 20
      make-backup-files nil
      create-lockfiles nil)
(add-to-list 'eglot-server-programs
             (cons '(js-json-mode json-mode js-mode) (split-string (getenv "PROVENDER_COMMAND") "\n")))

(find-file (getenv "PROVENDER_FILE"))
(apply #'eglot--connect (eglot--guess-contact))
(unless (eglot-managed-p) (eglot--maybe-activate-editing-mode))
(flymake-mode 1)
(demo-wait (lambda () (flymake-start) (flymake-diagnostics)))

(let ((diagnostics (flymake-diagnostics)))
  (demo-say "diagnostics" (length diagnostics))
  (dolist (diagnostic diagnostics)
    (demo-say "diagnostic"
              (format "%d %s" (line-number-at-pos (flymake-diagnostic-beg diagnostic))
                      (flymake-diagnostic-text diagnostic)))))

(goto-char (point-min))
(unless (search-forward (getenv "PROVENDER_LINE") nil t)
  (demo-fail "the file has no such line"))
(backward-char 2)

(let* ((server (eglot-current-server))
       (position (eglot--TextDocumentPositionParams))
       (hover (jsonrpc-request server :textDocument/hover position))
       (here (cl-remove-if-not
              (lambda (diagnostic)
                (= (line-number-at-pos (flymake-diagnostic-beg diagnostic)) (line-number-at-pos)))
              (flymake-diagnostics)))
       (actions (jsonrpc-request
                 server :textDocument/codeAction
                 (list :textDocument (plist-get position :textDocument)
                       :range (list :start (plist-get position :position) :end (plist-get position :position))
                       :context (list :only ["quickfix"]
                                      :diagnostics
                                      (vconcat (delq nil (mapcar
                                                          (lambda (diagnostic)
                                                            (cdr (assoc 'eglot-lsp-diag
                                                                        (flymake-diagnostic-data diagnostic))))
                                                          here)))))))
       (usable (cl-remove-if (lambda (action) (plist-get action :disabled)) (append actions nil)))
       (chosen (or (cl-find-if (lambda (action) (eq t (plist-get action :isPreferred))) usable) (car usable))))
  (demo-say "hover" (or (plist-get (plist-get hover :contents) :value) ""))
  (dolist (action usable) (demo-say "action" (plist-get action :title)))
  (unless chosen (demo-fail "no quick fix on the line"))
  (unless (plist-get chosen :edit)
    (setq chosen (jsonrpc-request server :codeAction/resolve chosen)))
  (unless (plist-get chosen :edit) (demo-fail "the quick fix has no edit"))
  ;; Later versions of Eglot want to know who asks for the edit.
  (if (> (cdr (func-arity #'eglot--apply-workspace-edit)) 1)
      (eglot--apply-workspace-edit (plist-get chosen :edit) this-command)
    (eglot--apply-workspace-edit (plist-get chosen :edit)))
  (demo-say "applied" (string-trim (thing-at-point 'line t)))
  (set-buffer-modified-p nil)
  (eglot-shutdown server nil 5)
  (kill-emacs 0))

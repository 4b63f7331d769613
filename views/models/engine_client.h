#pragma once

#include <QObject>
#include <QProcess>
#include <functional>
#include <map>

#include "rind/messages/commands.h"
#include "rind/messages/events.h"

namespace rind::models {

/// The engine behind its protocol: a child process that is started when it is first needed, or any command
/// that speaks the protocol (`ssh gpu-host rind worker`). Never waits; everything comes back as a signal or
/// through the answer's function.
class EngineClient : public QObject {
  Q_OBJECT

 public:
  using Answer = std::function<void(const messages::Reply&)>;

  explicit EngineClient(QStringList command, QObject* parent = nullptr);
  ~EngineClient() override;

  /// Starts the process where it does not run.
  void start();
  bool isRunning() const { return process_.state() != QProcess::NotRunning; }
  qint64 processId() const { return process_.processId(); }

  /// `answer` is called once: with the worker's reply, or with an error when the process ends first.
  void send(messages::Command command, Answer answer = {});
  /// Asks the worker to save and end; `closed` follows.
  void shutDown();

 Q_SIGNALS:
  void event(const rind::messages::Event& event, const std::string& payload);
  void logged(const QString& line);
  /// The process speaks another version of the protocol; `text` is a sentence.
  void otherVersion(const QString& text);
  /// It ended without being asked to; `why` is a sentence.
  void crashed(const QString& why);
  void closed();

 private:
  void readMessages();
  void readLog();
  void handle(const messages::Message& message);
  void ended(int code, QProcess::ExitStatus status);
  void failPending(const std::string& why);

  QStringList command_;
  QProcess process_;
  messages::Decoder decoder_;
  std::map<std::int64_t, Answer> pending_;
  std::int64_t next_id_ = 1;
  bool closing_ = false;
  QByteArray said_;  // the beginning of a line of its log
  QString last_log_;
};

}  // namespace rind::models

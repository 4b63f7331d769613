#include "rind/models/engine_client.h"

#include <utility>

#include "rind/models/give_way.h"

namespace rind::models {

EngineClient::EngineClient(QStringList command, QObject* parent)
    : QObject(parent), command_(std::move(command)) {
  connect(&process_, &QProcess::readyReadStandardOutput, this, &EngineClient::readMessages);
  connect(&process_, &QProcess::readyReadStandardError, this, &EngineClient::readLog);
  connect(&process_, &QProcess::finished, this, &EngineClient::ended);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) ended(-1, QProcess::CrashExit);
  });
#ifdef Q_OS_UNIX
  // The interface goes first where both want the processor.
  process_.setChildProcessModifier([] { giveWayToAll(); });
#endif
}

EngineClient::~EngineClient() {
  process_.disconnect(this);
  if (!isRunning()) return;
  // The end of its input tells the worker to save and end.
  process_.closeWriteChannel();
  if (!process_.waitForFinished(10000)) process_.kill();
  process_.waitForFinished(2000);
}

void EngineClient::start() {
  if (isRunning()) return;
  decoder_ = {};
  closing_ = false;
  last_log_.clear();
  said_.clear();
  process_.start(command_.value(0), command_.mid(1));
  if (!isRunning()) return;  // `crashed` has been said
  send(messages::Hello{}, [this](const messages::Reply& reply) {
    if (reply.ok && reply.result.value("version", messages::kProtocolVersion) != messages::kProtocolVersion)
      Q_EMIT otherVersion(
          tr("The engine speaks version %1 of the protocol and this workbench version %2; some "
             "things may not work. Update the older of the two.")
              .arg(reply.result.value("version", 0))
              .arg(messages::kProtocolVersion));
  });
}

void EngineClient::send(messages::Command command, Answer answer) {
  if (!isRunning()) start();
  if (!isRunning()) {
    if (answer) answer({0, false, tr("The engine could not be started.").toStdString()});
    return;
  }
  const std::int64_t id = next_id_++;
  pending_[id] = std::move(answer);
  const std::string bytes = messages::encode({messages::toJson({id, std::move(command)}), {}});
  process_.write(bytes.data(), static_cast<qint64>(bytes.size()));
}

void EngineClient::shutDown() {
  if (!isRunning()) {
    Q_EMIT closed();
    return;
  }
  closing_ = true;
  send(messages::Shutdown{});
  process_.closeWriteChannel();
}

void EngineClient::readMessages() {
  const QByteArray bytes = process_.readAllStandardOutput();
  decoder_.feed({bytes.constData(), static_cast<std::size_t>(bytes.size())});
  while (auto next = decoder_.next()) {
    if (const auto* message = std::get_if<messages::Message>(&*next))
      handle(*message);
    else
      Q_EMIT logged(tr("The engine said something that could not be understood: %1")
                        .arg(QString::fromStdString(std::get<messages::Malformed>(*next).why)));
  }
}

void EngineClient::handle(const messages::Message& message) {
  if (auto reply = messages::parseReply(message.body)) {
    reply->payload = message.payload;
    const auto found = pending_.find(reply->id);
    if (found == pending_.end()) return;
    const Answer answer = std::move(found->second);
    pending_.erase(found);
    if (answer) answer(*reply);
    return;
  }
  if (const auto parsed = messages::parseEvent(message.body)) Q_EMIT event(*parsed, message.payload);
}

void EngineClient::readLog() {
  said_ += process_.readAllStandardError();
  auto lines = said_.split('\n');
  said_ = isRunning() ? lines.takeLast() : QByteArray();  // of the last line more may come
  for (const QByteArray& line : lines) {
    if (line.trimmed().isEmpty()) continue;
    last_log_ = QString::fromUtf8(line);
    Q_EMIT logged(last_log_);
  }
}

void EngineClient::ended(int code, QProcess::ExitStatus status) {
  readMessages();
  readLog();
  if (closing_) {
    failPending("the engine was closed");
    Q_EMIT closed();
    return;
  }
  QString why;
  if (process_.error() == QProcess::FailedToStart)
    why = tr("The engine could not be started: %1 is missing or cannot be run.").arg(command_.value(0));
  else if (status == QProcess::CrashExit)
    why = tr("The engine was ended by the system (signal %1; often too little memory).").arg(code);
  else
    why = tr("The engine ended by itself (status %1).").arg(code);
  if (!last_log_.isEmpty()) why += ' ' + tr("Its last words: %1").arg(last_log_);
  Q_EMIT crashed(why);
  failPending(why.toStdString());
}

void EngineClient::failPending(const std::string& why) {
  const auto pending = std::exchange(pending_, {});
  for (const auto& [id, answer] : pending)
    if (answer) answer({id, false, why});
}

}  // namespace rind::models

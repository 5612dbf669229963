using System.Text.Json;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions;

/// <summary>
/// Reads and writes the rows of sessions: table <see cref="Table"/>, one partition per session, with the internal session id as the
/// partition key. A session exists as long as its row <see cref="Row"/> does.
/// </summary>
internal sealed class SessionStore(IStateStore store, IOptions<SessionOptions> options, TimeProvider time)
{
    public const string Table = "Sessions";
    private const string Row = "session";
    private const int MaxUpdateTries = 5;

    /// <summary>Writes the row of a new session. When the row already exists, it stays as it is.</summary>
    public Task InsertAsync(string session, SessionRecord record, CancellationToken cancellationToken) =>
        store.TryInsertAsync(Key(session), Body(record), ExpiresAt, cancellationToken);

    public async Task<SessionRecord?> FindAsync(string session, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(session), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Changes the row of a session and extends its expiry. It tries again if another instance changes the row.</summary>
    /// <returns>Whether the session exists.</returns>
    /// <exception cref="StateUnavailableException">
    /// Other instances changed the row at every try, or the storage does not respond.
    /// </exception>
    public async Task<bool> UpdateAsync(string session, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxUpdateTries; i++)
        {
            if (await store.FindAsync(Key(session), cancellationToken) is not { } row)
            {
                return false;
            }

            if (await store.TryReplaceAsync(row.Key, row.ETag, Body(change(Read(row))), ExpiresAt, cancellationToken) is not null)
            {
                return true;
            }
        }

        throw new StateUnavailableException("Other requests changed the session's row at every try.", TimeSpan.FromSeconds(1));
    }

    public Task DeleteAsync(string session, CancellationToken cancellationToken) => store.DeleteAsync(Key(session), cancellationToken);

    private DateTimeOffset ExpiresAt => time.GetUtcNow() + options.Value.Lifetime;

    private static StateKey Key(string session) => new(Table, session, Row);

    private static BinaryData Body(SessionRecord record) =>
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(record, SessionJson.Default.SessionRecord));

    private static SessionRecord Read(StateRow row) => row.Body.ToObjectFromJson(SessionJson.Default.SessionRecord)!;
}

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
    /// <returns>The new row, or <see langword="null"/> when the session does not exist.</returns>
    /// <exception cref="StateUnavailableException">
    /// Other instances changed the row at every try, or the storage does not respond.
    /// </exception>
    public Task<SessionRecord?> UpdateAsync(
        string session, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken) =>
        UpdateAsync(session, null, change, cancellationToken);

    /// <summary>
    /// Changes the row like the other overload, and begins with a row that was read before. If <paramref name="change"/> returns its
    /// argument, the row is not written.
    /// </summary>
    public async Task<SessionRecord?> UpdateAsync(
        string session, SessionRecord? read, Func<SessionRecord, SessionRecord> change, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxUpdateTries; i++)
        {
            if ((read ?? await FindAsync(session, cancellationToken)) is not { } record)
            {
                return null;
            }

            read = null;
            var changed = change(record);
            if (ReferenceEquals(changed, record))
            {
                return record;
            }

            if (await store.TryReplaceAsync(Key(session), record.ETag!, Body(changed), ExpiresAt, cancellationToken) is { } etag)
            {
                return changed with { ETag = etag };
            }
        }

        throw new StateUnavailableException("Other requests changed the session's row at every try.", TimeSpan.FromSeconds(1));
    }

    /// <summary>Deletes the row of a session.</summary>
    /// <returns>
    /// The last version of the row, or <see langword="null"/> when that is not known, for example because the row did not exist.
    /// </returns>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public async Task<SessionRecord?> DeleteAsync(string session, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxUpdateTries; i++)
        {
            try
            {
                var record = await FindAsync(session, cancellationToken);
                if (record is null || await store.TryDeleteAsync(Key(session), record.ETag!, cancellationToken))
                {
                    return record;
                }
            }
            catch (StateUnavailableException)
            {
                // The response to a deletion may be lost.
                break;
            }
        }

        await store.DeleteAsync(Key(session), cancellationToken);
        return null;
    }

    private DateTimeOffset ExpiresAt => time.GetUtcNow() + options.Value.Lifetime;

    private static StateKey Key(string session) => new(Table, session, Row);

    private static BinaryData Body(SessionRecord record) =>
        BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(record, SessionJson.Default.SessionRecord));

    private static SessionRecord Read(StateRow row) =>
        row.Body.ToObjectFromJson(SessionJson.Default.SessionRecord)! with { ETag = row.ETag };
}

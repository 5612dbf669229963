using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Which instance serves a session's GET stream: the newest that claimed it.</summary>
/// <param name="Instance">The instance.</param>
/// <param name="Epoch">Counts the claims, so that the events of each have ids of their own, in order.</param>
internal sealed record StreamClaim(string Instance, long Epoch);

/// <summary>The claims' rows: table <see cref="SessionStore.Table"/>, in the session's partition.</summary>
internal sealed class StreamClaims(IStateStore store, IOptions<SessionOptions> options, TimeProvider time)
{
    private const string Row = "get";
    private const int MaxTries = 10;

    public async Task<StreamClaim?> FindAsync(string session, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(session), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Claims the stream for an instance.</summary>
    /// <returns>The new claim, and the one before it.</returns>
    /// <exception cref="StateUnavailableException">Others claimed it all the time, or the storage does not answer.</exception>
    public async Task<(StreamClaim Claim, StreamClaim? Before)> ClaimAsync(string session, string instance, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var row = await store.FindAsync(Key(session), cancellationToken);
            var before = row is null ? null : Read(row);
            // Epochs only grow, also when the row had expired: they are part of event ids that clients may still hold.
            var claim = new StreamClaim(instance, Math.Max((before?.Epoch ?? 0) + 1, time.GetUtcNow().ToUnixTimeSeconds()));
            var body = BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(claim, ClaimJson.Default.StreamClaim));
            var expiresAt = time.GetUtcNow() + options.Value.Lifetime;
            var etag = row is null
                ? await store.TryInsertAsync(Key(session), body, expiresAt, cancellationToken)
                : await store.TryReplaceAsync(row.Key, row.ETag, body, expiresAt, cancellationToken);
            if (etag is not null)
            {
                return (claim, before);
            }
        }

        throw new StateUnavailableException("A session's GET stream was claimed by others at every try.", TimeSpan.FromSeconds(1));
    }

    private static StateKey Key(string session) => new(SessionStore.Table, session, Row);

    private static StreamClaim Read(StateRow row) => row.Body.ToObjectFromJson(ClaimJson.Default.StreamClaim)!;
}

[JsonSerializable(typeof(StreamClaim))]
internal sealed partial class ClaimJson : JsonSerializerContext;

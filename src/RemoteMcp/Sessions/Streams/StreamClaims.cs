using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;

namespace RemoteMcp.Sessions.Streams;

/// <summary>Represents a claim on a session's GET stream. The instance with the newest claim serves the stream.</summary>
/// <param name="Instance">The ID of the instance that received the GET request.</param>
/// <param name="Epoch">
/// The number of the claim. It increases with each claim. Event ids contain it, so that they are unique and ordered across instances.
/// </param>
internal sealed record StreamClaim(string Instance, long Epoch);

/// <summary>Reads and writes the claims on GET streams: one row in the session's partition of <see cref="SessionStore.Table"/>.</summary>
internal sealed class StreamClaims(IStateStore store, IOptions<SessionOptions> options, TimeProvider time)
{
    private const string Row = "get";
    private const int MaxTries = 10;

    /// <summary>Returns the newest claim on the session's GET stream, or <see langword="null"/> when there is none.</summary>
    public async Task<StreamClaim?> FindAsync(string session, CancellationToken cancellationToken) =>
        await store.FindAsync(Key(session), cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Claims the stream for an instance.</summary>
    /// <returns>The new claim, and the previous one.</returns>
    /// <exception cref="StateUnavailableException">
    /// Other instances claimed the stream at every try, or the storage does not respond.
    /// </exception>
    public async Task<(StreamClaim Claim, StreamClaim? Before)> ClaimAsync(
        string session, string instance, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var row = await store.FindAsync(Key(session), cancellationToken);
            var before = row is null ? null : Read(row);
            // Clients may still have event ids of an expired claim. The time in seconds is therefore the minimum, so that the epoch also
            // increases when the row has expired.
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

        throw new StateUnavailableException("Other requests claimed the session's GET stream at every try.", TimeSpan.FromSeconds(1));
    }

    private static StateKey Key(string session) => new(SessionStore.Table, session, Row);

    private static StreamClaim Read(StateRow row) => row.Body.ToObjectFromJson(ClaimJson.Default.StreamClaim)!;
}

[JsonSerializable(typeof(StreamClaim))]
internal sealed partial class ClaimJson : JsonSerializerContext;

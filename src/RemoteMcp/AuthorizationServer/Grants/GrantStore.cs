using System.Text.Json;
using System.Text.Json.Serialization;
using RemoteMcp.Storage;

namespace RemoteMcp.AuthorizationServer.Grants;

/// <summary>Stores grants in the state store.</summary>
internal sealed class GrantStore(IStateStore store)
{
    /// <summary>The maximum number of grants of one person. A new grant replaces the oldest.</summary>
    public const int MaxGrants = 100;

    /// <summary>Adds a grant, and deletes the oldest ones of the person if there are too many.</summary>
    /// <param name="grant">The new grant.</param>
    /// <param name="others">The other grants of the person, in the order of <see cref="ListAsync"/>.</param>
    /// <param name="cancellationToken">The token that stops the wait.</param>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public async Task AddAsync(Grant grant, IReadOnlyList<StoredGrant> others, CancellationToken cancellationToken)
    {
        // Sign-ins that were not completed are deleted before grants that clients use.
        var excess = others.OrderBy(static other => other.Grant.IsActive).ThenBy(static other => other.Grant.UsedAt)
            .Take(others.Count - MaxGrants + 1);
        foreach (var other in excess)
        {
            await store.DeleteAsync(other.Grant.Key.Row, cancellationToken);
        }

        _ = await store.TryInsertAsync(grant.Key.Row, Serialize(grant), grant.ExpiresAt, cancellationToken)
            ?? throw new InvalidOperationException("The id of a new grant is in use.");
    }

    /// <returns>The grant, or <see langword="null"/> if it was revoked or has expired.</returns>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public async Task<StoredGrant?> FindAsync(GrantKey key, CancellationToken cancellationToken) =>
        await store.FindAsync(key.Row, cancellationToken) is { } row ? Read(row) : null;

    /// <summary>Replaces a grant if it has not changed since it was read.</summary>
    /// <returns>The new version, or <see langword="null"/> if the grant has changed or was revoked.</returns>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public async Task<StoredGrant?> TryReplaceAsync(StoredGrant old, Grant grant, CancellationToken cancellationToken) =>
        await store.TryReplaceAsync(grant.Key.Row, old.ETag, Serialize(grant), grant.ExpiresAt, cancellationToken) is { } etag
            ? new StoredGrant(grant, etag)
            : null;

    /// <summary>Deletes a grant, if it exists. Its refresh token is invalid from then on.</summary>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public Task RevokeAsync(GrantKey key, CancellationToken cancellationToken) => store.DeleteAsync(key.Row, cancellationToken);

    /// <summary>Returns the grants of a person, the oldest first.</summary>
    /// <exception cref="StateUnavailableException">The storage does not respond.</exception>
    public async Task<IReadOnlyList<StoredGrant>> ListAsync(string tenant, string user, CancellationToken cancellationToken)
    {
        var grants = new List<StoredGrant>();
        await foreach (var row in store.QueryAsync(Grant.Table, GrantKey.PartitionOf(tenant, user), default, cancellationToken))
        {
            grants.Add(Read(row));
        }

        return grants;
    }

    private static BinaryData Serialize(Grant grant) => new(JsonSerializer.SerializeToUtf8Bytes(grant, GrantJson.Default.Grant));

    private static StoredGrant Read(StateRow row) =>
        new(JsonSerializer.Deserialize(row.Body.ToMemory().Span, GrantJson.Default.Grant)!, row.ETag);
}

/// <summary>A grant as it was read.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="ETag">The version of the row.</param>
internal sealed record StoredGrant(Grant Grant, string ETag);

/// <summary>Serializes grants without reflection.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Grant))]
internal sealed partial class GrantJson : JsonSerializerContext;

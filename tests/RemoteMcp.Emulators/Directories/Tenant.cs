using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace RemoteMcp.Emulators.Directories;

/// <summary>The directory of one organization: its users, identities, consents, and policies.</summary>
public sealed class Tenant
{
    private readonly ConcurrentDictionary<ConsentKey, ImmutableHashSet<string>> _consents = new();

    public required string Id { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The domain name. It can name the tenant in a URL.</summary>
    public required string Domain { get; init; }

    public IList<User> Users { get; init; } = [];

    public IList<AssignedIdentity> ManagedIdentities { get; init; } = [];

    /// <summary>
    /// "User consent settings": if false, users cannot consent. They can use only permissions that an administrator has granted.
    /// </summary>
    public bool UserConsentAllowed { get; set; } = true;

    /// <summary>Maps the client ID of a resource to its Conditional Access policy.</summary>
    public ConcurrentDictionary<string, ConditionalAccessPolicy> ConditionalAccess { get; } = new(StringComparer.OrdinalIgnoreCase);

    public User? FindUser(string? nameOrId) => Users.FirstOrDefault(user =>
        user.HasName(nameOrId) || string.Equals(user.ObjectId, nameOrId, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Adds permissions of <paramref name="client"/> on <paramref name="resource"/>, for one user or for all users (admin consent).
    /// </summary>
    public void Consent(Application client, Application resource, IEnumerable<string> scopes, User? user = null) =>
        _consents.AddOrUpdate(
            new ConsentKey(user?.ObjectId, client.ClientId, resource.ClientId),
            _ => scopes.ToImmutableHashSet(StringComparer.OrdinalIgnoreCase),
            (_, granted) => granted.Union(scopes));

    /// <summary>The permissions that users and administrators have granted, as in the tokens of the user.</summary>
    public ImmutableHashSet<string> Consented(Application client, Application resource, User user) =>
        Granted(user.ObjectId, client, resource).Union(Granted(null, client, resource));

    /// <summary>Revokes every consent, as when an administrator removes the enterprise application.</summary>
    public void RevokeConsents() => _consents.Clear();

    /// <summary>Revokes the consents of one user, so that clients must request them again.</summary>
    public void RevokeConsents(User user)
    {
        foreach (var key in _consents.Keys.Where(key => key.UserId == user.ObjectId))
        {
            _consents.TryRemove(key, out _);
        }
    }

    private ImmutableHashSet<string> Granted(string? userId, Application client, Application resource) =>
        _consents.GetValueOrDefault(
            new ConsentKey(userId, client.ClientId, resource.ClientId),
            ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase));

    private readonly record struct ConsentKey(string? UserId, string ClientId, string ResourceId);
}

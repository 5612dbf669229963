using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using RemoteMcp.AuthorizationServer.Clients;

namespace RemoteMcp.AuthorizationServer.Protocol;

/// <summary>
/// Provides clients to OpenIddict. A client comes from its metadata document or from its sealed registration, so there are no rows. All
/// clients are public, and none can be changed. A refused client counts as unknown, and the reason is kept for the error page.
/// </summary>
internal sealed class ClientStore(ClientResolver clients, ClientRefusal refusal) : IOpenIddictApplicationStore<ClientApplication>
{
    public async ValueTask<ClientApplication?> FindByClientIdAsync(string identifier, CancellationToken cancellationToken)
    {
        try
        {
            return await clients.FindAsync(identifier, cancellationToken);
        }
        catch (ClientRefusedException exception)
        {
            refusal.Reason = exception.Message;
            return null;
        }
    }

    public ValueTask<ClientApplication?> FindByIdAsync(string identifier, CancellationToken cancellationToken) =>
        FindByClientIdAsync(identifier, cancellationToken);

    public ValueTask<string?> GetIdAsync(ClientApplication application, CancellationToken cancellationToken) => new(application.ClientId);

    public ValueTask<string?> GetClientIdAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new(application.ClientId);

    public ValueTask<string?> GetDisplayNameAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new(application.Name);

    public ValueTask<ImmutableArray<string>> GetRedirectUrisAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new([.. application.RedirectUris]);

    public ValueTask<string?> GetClientTypeAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new(OpenIddictConstants.ClientTypes.Public);

    public ValueTask<string?> GetConsentTypeAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new(OpenIddictConstants.ConsentTypes.Explicit);

    public ValueTask<string?> GetApplicationTypeAsync(ClientApplication application, CancellationToken cancellationToken) => default;

    public ValueTask<string?> GetClientSecretAsync(ClientApplication application, CancellationToken cancellationToken) => default;

    public ValueTask<JsonWebKeySet?> GetJsonWebKeySetAsync(ClientApplication application, CancellationToken cancellationToken) => default;

    public ValueTask<ImmutableDictionary<CultureInfo, string>> GetDisplayNamesAsync(
        ClientApplication application, CancellationToken cancellationToken) => new(ImmutableDictionary<CultureInfo, string>.Empty);

    public ValueTask<ImmutableArray<string>> GetPermissionsAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new([]);

    public ValueTask<ImmutableArray<string>> GetPostLogoutRedirectUrisAsync(
        ClientApplication application, CancellationToken cancellationToken) => new([]);

    public ValueTask<ImmutableDictionary<string, JsonElement>> GetPropertiesAsync(
        ClientApplication application, CancellationToken cancellationToken) => new(ImmutableDictionary<string, JsonElement>.Empty);

    public ValueTask<ImmutableArray<string>> GetRequirementsAsync(ClientApplication application, CancellationToken cancellationToken) =>
        new([]);

    public ValueTask<ImmutableDictionary<string, string>> GetSettingsAsync(
        ClientApplication application, CancellationToken cancellationToken) => new(ImmutableDictionary<string, string>.Empty);

    // OpenIddict uses none of the following methods to serve requests.
    public ValueTask<long> CountAsync(CancellationToken cancellationToken) => throw NotStored();

    public ValueTask<long> CountAsync<TResult>(
        Func<IQueryable<ClientApplication>, IQueryable<TResult>> query, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask CreateAsync(ClientApplication application, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask DeleteAsync(ClientApplication application, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask UpdateAsync(ClientApplication application, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask<ClientApplication> InstantiateAsync(CancellationToken cancellationToken) => throw NotStored();

    public IAsyncEnumerable<ClientApplication> FindByPostLogoutRedirectUriAsync(string uri, CancellationToken cancellationToken) =>
        throw NotStored();

    public IAsyncEnumerable<ClientApplication> FindByRedirectUriAsync(string uri, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask<TResult?> GetAsync<TState, TResult>(
        Func<IQueryable<ClientApplication>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) =>
        throw NotStored();

    public IAsyncEnumerable<ClientApplication> ListAsync(int? count, int? offset, CancellationToken cancellationToken) =>
        throw NotStored();

    public IAsyncEnumerable<TResult> ListAsync<TState, TResult>(
        Func<IQueryable<ClientApplication>, TState, IQueryable<TResult>> query, TState state, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetApplicationTypeAsync(ClientApplication application, string? type, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetClientIdAsync(ClientApplication application, string? identifier, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetClientSecretAsync(ClientApplication application, string? secret, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetClientTypeAsync(ClientApplication application, string? type, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetConsentTypeAsync(ClientApplication application, string? type, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetDisplayNameAsync(ClientApplication application, string? name, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetDisplayNamesAsync(
        ClientApplication application, ImmutableDictionary<CultureInfo, string> names, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetJsonWebKeySetAsync(ClientApplication application, JsonWebKeySet? set, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetPermissionsAsync(
        ClientApplication application, ImmutableArray<string> permissions, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask SetPostLogoutRedirectUrisAsync(
        ClientApplication application, ImmutableArray<string> uris, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask SetPropertiesAsync(
        ClientApplication application, ImmutableDictionary<string, JsonElement> properties, CancellationToken cancellationToken) =>
        throw NotStored();

    public ValueTask SetRedirectUrisAsync(
        ClientApplication application, ImmutableArray<string> uris, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask SetRequirementsAsync(
        ClientApplication application, ImmutableArray<string> requirements, CancellationToken cancellationToken) => throw NotStored();

    public ValueTask SetSettingsAsync(
        ClientApplication application, ImmutableDictionary<string, string> settings, CancellationToken cancellationToken) =>
        throw NotStored();

    private static NotSupportedException NotStored() => new("The server stores no clients.");
}

/// <summary>Keeps the reason why the client of a request was refused.</summary>
internal sealed class ClientRefusal
{
    public string? Reason { get; set; }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace RemoteMcp.AuthorizationServer.Clients;

/// <summary>
/// Handles the dynamic registration of clients (RFC 7591). Every registered client is a public client, whatever it asked for: the server
/// may replace what a client requests (section 2), and PKCE protects the code.
/// </summary>
internal sealed class ClientRegistration(
    SealedRegistrations registrations, RedirectPolicy policy, SignInAudit audit, TimeProvider time)
{
    /// <summary>The maximum size of a request, in bytes.</summary>
    public const int MaxBytes = 16 * 1024;

    private const int MaxRedirectUris = 10;
    private const int MaxListed = 20;
    private const string AuthorizationCode = "authorization_code";
    private const string RefreshToken = "refresh_token";
    private const string Code = "code";

    /// <summary>Responds to a POST request with the registered client or an error of RFC 7591.</summary>
    /// <exception cref="Storage.StateUnavailableException">The keys cannot be read at the moment.</exception>
    public async Task RegisterAsync(HttpContext context)
    {
        try
        {
            await RegisterAsync(context, await ReadBodyAsync(context.Request, context.RequestAborted));
        }
        catch (ClientRefusedException exception)
        {
            audit.RegistrationRefused(exception.Message);
            await OAuthError.WriteAsync(context, StatusCodes.Status400BadRequest, exception.Error, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            audit.RegistrationRefused(exception.Message);
            await OAuthError.WriteRefusedAsync(context, exception, ClientRefusedException.InvalidMetadata);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            throw new ClientRefusedException("Send the client's metadata as Content-Type: application/json.");
        }

        // One byte more than allowed shows that the body is too long, whatever Content-Length says.
        var buffer = new byte[Math.Min(request.ContentLength ?? MaxBytes, MaxBytes) + 1];
        int length;
        try
        {
            length = request.ContentLength > MaxBytes
                ? buffer.Length
                : await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The request body could not be read.", exception);
        }

        return length < buffer.Length
            ? buffer.AsMemory(0, length)
            : throw new BadHttpRequestException(
                string.Create(CultureInfo.InvariantCulture, $"The request may have {MaxBytes} bytes at most."),
                StatusCodes.Status413PayloadTooLarge);
    }

    private async Task RegisterAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        using var document = ClientMetadata.Parse(json);
        var metadata = document.RootElement;
        var redirectUris = ClientMetadata.RedirectUris(metadata, MaxRedirectUris, policy);
        var name = ClientMetadata.Name(metadata, WebHostOf(redirectUris));
        var grantTypes = GrantTypes(metadata);
        RequireCode(metadata);

        var issuedAt = time.GetUtcNow().ToUnixTimeSeconds();
        var registration = new Registration(name, redirectUris, issuedAt);
        var clientId = await registrations.TrySealAsync(registration, context.RequestAborted)
            ?? throw new ClientRefusedException(
                "The redirect URIs are too long together. Register fewer or shorter URIs.", ClientRefusedException.InvalidRedirectUri);
        audit.Registered(name, redirectUris);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new RegisteredClient(clientId, issuedAt, name, redirectUris, "none", grantTypes, [Code]),
            RegisteredClientJson.Default.RegisteredClient,
            "application/json",
            context.RequestAborted);
    }

    private static List<string> GrantTypes(JsonElement metadata)
    {
        if (ClientMetadata.Texts(metadata, "grant_types", MaxListed) is not { Count: > 0 } requested)
        {
            return [AuthorizationCode, RefreshToken];
        }

        return !requested.Contains(AuthorizationCode)
            ? throw new ClientRefusedException("grant_types must contain authorization_code.")
            : requested.Contains(RefreshToken) ? [AuthorizationCode, RefreshToken] : [AuthorizationCode];
    }

    private static void RequireCode(JsonElement metadata)
    {
        if (ClientMetadata.Texts(metadata, "response_types", MaxListed) is { Count: > 0 } requested && !requested.Contains(Code))
        {
            throw new ClientRefusedException("response_types must contain code.");
        }
    }

    private static string? WebHostOf(IReadOnlyList<string> redirectUris)
    {
        foreach (var uri in redirectUris)
        {
            if (new Uri(uri) is { Scheme: "https" } web)
            {
                return web.Host;
            }
        }

        return null;
    }
}

/// <summary>The response to a registration (RFC 7591, section 3.2.1).</summary>
internal sealed record RegisteredClient(
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("client_id_issued_at")] long IssuedAt,
    [property: JsonPropertyName("client_name")] string Name,
    [property: JsonPropertyName("redirect_uris")] IReadOnlyList<string> RedirectUris,
    [property: JsonPropertyName("token_endpoint_auth_method")] string AuthenticationMethod,
    [property: JsonPropertyName("grant_types")] IReadOnlyList<string> GrantTypes,
    [property: JsonPropertyName("response_types")] IReadOnlyList<string> ResponseTypes);

/// <summary>Serializes registrations without reflection.</summary>
[JsonSerializable(typeof(RegisteredClient))]
internal sealed partial class RegisteredClientJson : JsonSerializerContext;

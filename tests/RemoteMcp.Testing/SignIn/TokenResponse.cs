using System.Net;
using System.Text.Json.Nodes;

namespace RemoteMcp.Testing.SignIn;

/// <summary>The response of the token endpoint.</summary>
internal sealed record TokenResponse(HttpStatusCode Status, JsonNode Body)
{
    public string AccessToken => (string?)Body["access_token"] ?? throw new InvalidOperationException(Body.ToJsonString());

    public string RefreshToken => (string?)Body["refresh_token"] ?? throw new InvalidOperationException(Body.ToJsonString());

    public string? Error => (string?)Body["error"];
}

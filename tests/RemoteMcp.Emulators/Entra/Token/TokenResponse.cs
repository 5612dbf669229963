using System.Text.Json.Serialization;

namespace RemoteMcp.Emulators.Entra.Token;

/// <summary>The response of the token endpoint.</summary>
internal sealed record TokenResponse(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] long ExpiresIn)
{
    [JsonPropertyName("token_type")]
    public string TokenType { get; } = "Bearer";

    [JsonPropertyName("ext_expires_in")]
    public long ExtendedExpiresIn => ExpiresIn;

    [JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    [JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("id_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdToken { get; init; }

    /// <summary>
    /// Base64url of <c>{"uid":oid,"utid":tid}</c>. MSAL requests it with <c>client_info=1</c> and uses it as the key of its cache.
    /// </summary>
    [JsonPropertyName("client_info"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientInfo { get; init; }
}

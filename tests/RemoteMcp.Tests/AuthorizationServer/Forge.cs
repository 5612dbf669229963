using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Changes a valid access token of the server, and signs it with several keys.</summary>
/// <param name="token">The valid token.</param>
/// <param name="key">The key of the server.</param>
/// <param name="entra">The certificate of Entra ID.</param>
/// <param name="attacker">The key of the attacker.</param>
internal sealed class Forge(string token, ECDsaSecurityKey key, X509Certificate2 entra, ECDsa attacker)
{
    public string Token => token;

    public ECDsa Key => key.ECDsa;

    public string KeyId => key.KeyId;

    public string Header => Base64UrlEncoder.Decode(token.Split('.')[0]);

    public string Payload => Base64UrlEncoder.Decode(token.Split('.')[1]);

    public string Signature => token.Split('.')[2];

    public JsonObject Claims => JsonNode.Parse(Payload)!.AsObject();

    public string Issuer => (string)Claims["iss"]!;

    public static string Jwk(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","crv":"P-256","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""";
    }

    /// <summary>Returns the payload with a changed claim. The value null removes the claim.</summary>
    public string Change(string claim, JsonNode? value)
    {
        var claims = Claims;
        claims.Remove(claim);
        if (value is not null)
        {
            claims[claim] = value;
        }

        return claims.ToJsonString();
    }

    /// <summary>Returns the header and the payload, with a dot at the end.</summary>
    public static string With(string header, string payload) =>
        Base64UrlEncoder.Encode(header) + "." + Base64UrlEncoder.Encode(payload) + ".";

    public string Unsigned(string algorithm) => With($$"""{"alg":"{{algorithm}}","typ":"at+jwt"}""", Payload);

    public string Hmac(byte[] secret)
    {
        var content = With($$"""{"alg":"HS256","typ":"at+jwt","kid":"{{KeyId}}"}""", Payload);
        return content + Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Bytes(content)));
    }

    public string SignedByEntra(string algorithm, RSASignaturePadding padding)
    {
        var content = With($$"""{"alg":"{{algorithm}}","typ":"at+jwt","kid":"{{KeyId}}"}""", Payload);
        using var rsa = entra.GetRSAPrivateKey()!;
        return content + Base64UrlEncoder.Encode(rsa.SignData(Bytes(content), HashAlgorithmName.SHA256, padding));
    }

    public string SignedByAttacker(string header) =>
        Sign(attacker, With(header, Payload), DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

    /// <summary>Signs with the key of the server.</summary>
    public string Signed(
        string header, string? payload = null, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) =>
        Sign(Key, With(header, payload ?? Payload), format);

    private static string Sign(ECDsa key, string content, DSASignatureFormat format) =>
        content + Base64UrlEncoder.Encode(key.SignData(Bytes(content), HashAlgorithmName.SHA256, format));

    // The signature does not cover the last dot.
    private static byte[] Bytes(string content) => Encoding.ASCII.GetBytes(content[..^1]);
}

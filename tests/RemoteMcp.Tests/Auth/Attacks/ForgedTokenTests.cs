using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Emulators.Entra;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth.Attacks;

/// <summary>Tests that tokens without a valid signature from Entra get 401 <c>invalid_token</c>, regardless of their claims.</summary>
public sealed class ForgedTokenTests(AttackedServer server) : IClassFixture<AttackedServer>
{
    private static readonly X509SecurityKey s_attackersKey = SigningKeys.Create();

    private static readonly Dictionary<string, Func<AttackedServer, string>> s_attacks = new()
    {
        ["alg none, without a signature"] = server => Encode("""{"alg":"none","typ":"JWT"}""") + "." + PayloadOf(server.Token()) + ".",
        ["alg none, in different letter case"] = server => Encode("""{"alg":"nOnE","typ":"JWT"}""") + "." + PayloadOf(server.Token()) + ".",
        ["alg none, with the signature of a valid token"] = server =>
            Encode("""{"alg":"none","typ":"JWT"}""") + "." + PayloadOf(server.Token()) + "." + server.Token().Split('.')[2],
        ["HS256 with the public key's modulus as the secret"] = server => Hmac(server, PublicKey(server).ExportParameters(false).Modulus!),
        ["HS256 with the public key in PEM as the secret"] = server =>
            Hmac(server, Encoding.ASCII.GetBytes(PublicKey(server).ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the certificate as the secret"] = server => Hmac(server, server.Emulator.Keys.Current.Certificate.RawData),
        ["RS384 with the right key"] = server => server.Emulator.Tokens.Sign(
            ClaimsOf(server.Token()), new SigningCredentials(server.Emulator.Keys.Current, SecurityAlgorithms.RsaSha384)),
        ["PS256 with the right key"] = server => server.Emulator.Tokens.Sign(
            ClaimsOf(server.Token()), new SigningCredentials(server.Emulator.Keys.Current, SecurityAlgorithms.RsaSsaPssSha256)),
        ["a different key with the id of the right key"] = server =>
            SignedBy(server, new X509SecurityKey(s_attackersKey.Certificate, server.Emulator.Keys.Current.KeyId)),
        ["a different key with its own id"] = server => SignedBy(server, s_attackersKey),
        ["a different key without an id"] = server => Resign(server, """{"alg":"RS256","typ":"JWT"}"""),
        ["the attacker's key in the header (jwk)"] = server => Resign(server, $$"""{"alg":"RS256","typ":"JWT","jwk":{{Jwk()}}}"""),
        ["the attacker's certificate in the header (x5c)"] = server =>
            Resign(server, $$"""{"alg":"RS256","typ":"JWT","x5c":["{{Convert.ToBase64String(s_attackersKey.Certificate.RawData)}}"]}"""),
        ["the attacker's key set by URL (jku)"] = server =>
            Resign(server, """{"alg":"RS256","typ":"JWT","kid":"a","jku":"http://127.0.0.1:9/keys"}"""),
        ["the attacker's certificate by URL (x5u)"] = server =>
            Resign(server, """{"alg":"RS256","typ":"JWT","kid":"a","x5u":"http://127.0.0.1:9/cert"}"""),
        ["an unknown critical header (crit)"] = server => Resign(server, """{"alg":"RS256","typ":"JWT","crit":["exp"]}"""),
        ["a path as the key's id"] = server => Resign(server, """{"alg":"RS256","typ":"JWT","kid":"../../../../dev/null"}"""),
        ["a changed payload"] = server => ChangePayload(server.Token(), payload => payload["oid"] = Guid.NewGuid().ToString()),
        ["more scopes in the payload"] = server => ChangePayload(server.Token(), payload => payload["scp"] = "Mcp.Use Admin.All"),
        ["a truncated signature"] = server => server.Token()[..^8],
        ["no signature"] = server => server.Token()[..(server.Token().LastIndexOf('.') + 1)],
        ["the signature of another valid token"] = server =>
            server.Token()[..server.Token().LastIndexOf('.')] + "." + server.Token(("uti", "other")).Split('.')[2],
        ["two parts only"] = server => server.Token()[..server.Token().LastIndexOf('.')],
        ["five parts: encrypted"] = server => string.Join('.', server.Token().Split('.').Append("a").Append("b")),
        ["many dots"] = static _ => new string('.', 10_000),
        ["a payload that is not JSON"] = server =>
            server.Token().Split('.')[0] + "." + Encode("not json") + "." + server.Token().Split('.')[2],
        ["unterminated JSON"] = server =>
            server.Token().Split('.')[0] + "." + Encode(new string('[', 5_000)) + "." + server.Token().Split('.')[2],
        ["invalid base64"] = static _ => "%%%.%%%.%%%",
        ["an opaque string"] = static _ => "0.AXEA-refresh-token",
        ["one letter"] = static _ => "a",
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    [Theory]
    [MemberData(nameof(Attacks))]
    public Task A_forged_token_is_refused(string attack) =>
        server.AssertRefusesAsync(s_attacks[attack](server), HttpStatusCode.Unauthorized, "invalid_token");

    [Fact]
    public async Task Refused_tokens_are_not_cached_and_a_valid_one_is_cached_once()
    {
        var tokens = (ValidatedTokens)server.Server.Services.GetService(typeof(ValidatedTokens))!;
        var before = tokens.Count;
        var good = server.Token(("uti", "remembered"));

        for (var time = 0; time < 20; time++)
        {
            await server.AssertRefusesAsync(SignedBy(server, s_attackersKey), HttpStatusCode.Unauthorized, "invalid_token");
            using var response = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), good);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(before + 1, tokens.Count);
    }

    private static string Encode(string text) => Base64UrlEncoder.Encode(text);

    private static string PayloadOf(string token) => token.Split('.')[1];

    private static Dictionary<string, object> ClaimsOf(string token) =>
        JsonNode.Parse(Base64UrlEncoder.Decode(PayloadOf(token)))!.AsObject()
            .ToDictionary(static each => each.Key, static each => each.Value!.GetValue<object>());

    private static RSA PublicKey(AttackedServer server) => server.Emulator.Keys.Current.Certificate.GetRSAPublicKey()!;

    private static string Hmac(AttackedServer server, byte[] secret)
    {
        var content = Encode($$"""{"alg":"HS256","typ":"JWT","kid":"{{server.Emulator.Keys.Current.KeyId}}"}""")
            + "." + PayloadOf(server.Token());
        return content + "." + Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)));
    }

    private static string SignedBy(AttackedServer server, X509SecurityKey key) =>
        Resign(server, $$"""{"alg":"RS256","typ":"JWT","kid":"{{key.KeyId}}"}""");

    private static string Resign(AttackedServer server, string header)
    {
        var content = Encode(header) + "." + PayloadOf(server.Token());
        using var rsa = s_attackersKey.Certificate.GetRSAPrivateKey()!;
        var signature = rsa.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return content + "." + Base64UrlEncoder.Encode(signature);
    }

    private static string Jwk()
    {
        var parameters = s_attackersKey.Certificate.GetRSAPublicKey()!.ExportParameters(false);
        var modulus = Base64UrlEncoder.Encode(parameters.Modulus);
        var exponent = Base64UrlEncoder.Encode(parameters.Exponent);
        return $$"""{"kty":"RSA","n":"{{modulus}}","e":"{{exponent}}"}""";
    }

    private static string ChangePayload(string token, Action<JsonObject> change)
    {
        var parts = token.Split('.');
        var payload = JsonNode.Parse(Base64UrlEncoder.Decode(parts[1]))!.AsObject();
        change(payload);
        return $"{parts[0]}.{Encode(payload.ToJsonString())}.{parts[2]}";
    }
}

using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.DataProtection;
using RemoteMcp.Emulators.Directories;
using RemoteMcp.Testing.Http;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests forged and misused access tokens that claim to come from this server.</summary>
public sealed class ServerTokenAttackTests(AttackedSignIn server) : IClassFixture<AttackedSignIn>
{
    private static readonly ECDsa s_attackersKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static readonly Dictionary<string, Func<Forge, string>> s_attacks = new()
    {
        ["alg none"] = static forge => forge.Unsigned("none"),
        ["alg none in different letter case"] = static forge => forge.Unsigned("nOnE"),
        ["alg none with the signature"] = static forge => forge.Unsigned("none") + forge.Signature,
        ["no alg"] = static forge => Forge.With("""{"typ":"at+jwt"}""", forge.Payload),
        ["HS256 with the public key (SPKI) as the secret"] = static forge => forge.Hmac(forge.Key.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key (PEM) as the secret"] = static forge =>
            forge.Hmac(Encoding.ASCII.GetBytes(forge.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the public point as the secret"] = static forge =>
            forge.Hmac([.. forge.Key.ExportParameters(false).Q.X!, .. forge.Key.ExportParameters(false).Q.Y!]),
        ["HS256 with the key's id as the secret"] = static forge => forge.Hmac(Encoding.ASCII.GetBytes(forge.KeyId.PadRight(32, 'x'))),
        ["HS256 with an empty secret"] = static forge => forge.Hmac([]),
        ["RS256 with the key of Entra ID"] = static forge => forge.SignedByEntra("RS256", RSASignaturePadding.Pkcs1),
        ["PS256 with the key of Entra ID"] = static forge => forge.SignedByEntra("PS256", RSASignaturePadding.Pss),
        ["ES256 in the header, RSA of Entra ID in the signature"] = static forge =>
            forge.SignedByEntra("ES256", RSASignaturePadding.Pkcs1),
        ["the attacker's key with the right id"] = static forge => forge.SignedByAttacker(forge.Header),
        ["the attacker's key with its own id"] = static forge => forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt","kid":"a"}"""),
        ["the attacker's key without an id"] = static forge => forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt"}"""),
        ["the attacker's key in the header (jwk)"] = static forge =>
            forge.SignedByAttacker($$"""{"alg":"ES256","typ":"at+jwt","jwk":{{Forge.Jwk(s_attackersKey)}}}"""),
        ["the attacker's keys by URL (jku)"] = static forge =>
            forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt","kid":"a","jku":"http://127.0.0.1:9/jwks"}"""),
        ["the attacker's certificate by URL (x5u)"] = static forge =>
            forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt","kid":"a","x5u":"http://127.0.0.1:9/cert"}"""),
        ["the attacker's certificate (x5c)"] = static forge => forge.SignedByAttacker(
            $$"""{"alg":"ES256","typ":"at+jwt","x5c":["{{Convert.ToBase64String(s_attackersKey.ExportSubjectPublicKeyInfo())}}"]}"""),
        ["a critical header (crit)"] = static forge =>
            forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt","crit":["b64"],"b64":false}"""),
        ["a path as the key's id"] = static forge =>
            forge.SignedByAttacker("""{"alg":"ES256","typ":"at+jwt","kid":"../../../../dev/null"}"""),
        ["a signature of zeros"] = static forge => Forge.With(forge.Header, forge.Payload) + Base64UrlEncoder.Encode(new byte[64]),
        ["an empty signature"] = static forge => Forge.With(forge.Header, forge.Payload),
        ["a truncated signature"] = static forge => forge.Token[..^8],
        ["a signature in DER"] = static forge => forge.Signed(forge.Header, forge.Payload, DSASignatureFormat.Rfc3279DerSequence),
        ["ES384 with the right key"] = static forge => forge.Signed(forge.Header.Replace("ES256", "ES384", StringComparison.Ordinal)),
        ["a changed payload"] = static forge => Forge.With(forge.Header, forge.Change("oid", Guid.NewGuid().ToString())) + forge.Signature,
        ["an encrypted token"] = static forge => forge.Token + ".a.b",
        ["a header that is too long"] = static forge =>
            forge.SignedByAttacker($$"""{"alg":"ES256","typ":"at+jwt","x":"{{new string('a', 1000)}}"}"""),
        ["a header that is not base64"] = static forge => "%%%at+jwt." + forge.Token.Split('.')[1] + "." + forge.Signature,
        ["a header with one letter"] = static forge => "a." + forge.Token.Split('.')[1] + "." + forge.Signature,
        ["a header that is not JSON"] = static forge => Forge.With("\"at+jwt\"", forge.Payload) + forge.Signature,
        ["a payload that is not JSON"] = static forge => forge.Signed(forge.Header, "at+jwt"),
        // The key signs only tokens of this server. These tokens belong to another purpose, URL, or time.
        ["the type JWT"] = static forge => forge.Signed(forge.Header.Replace("at+jwt", "JWT", StringComparison.Ordinal)),
        ["no type"] = static forge => forge.Signed(forge.Header.Replace("\"typ\"", "\"x\"", StringComparison.Ordinal)),
        ["another type"] = static forge => forge.Signed(forge.Header.Replace("at+jwt", "logout+jwt", StringComparison.Ordinal)),
        ["another issuer"] = static forge => forge.Signed(forge.Header, forge.Change("iss", "https://evil.example/oauth")),
        ["the issuer with a slash"] = static forge => forge.Signed(forge.Header, forge.Change("iss", forge.Issuer + "/")),
        ["no issuer"] = static forge => forge.Signed(forge.Header, forge.Change("iss", null)),
        ["another audience"] = static forge => forge.Signed(forge.Header, forge.Change("aud", "https://evil.example/mcp")),
        ["the issuer as the audience"] = static forge => forge.Signed(forge.Header, forge.Change("aud", forge.Issuer)),
        ["no audience"] = static forge => forge.Signed(forge.Header, forge.Change("aud", null)),
        ["several audiences"] = static forge =>
            forge.Signed(forge.Header, forge.Change("aud", new JsonArray((string)forge.Claims["aud"]!, "https://evil.example/mcp"))),
        ["expired"] = static forge =>
            forge.Signed(forge.Header, forge.Change("exp", DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds())),
        ["no expiry"] = static forge => forge.Signed(forge.Header, forge.Change("exp", null)),
        ["an expiry that is text"] = static forge => forge.Signed(forge.Header, forge.Change("exp", "never")),
        ["another tenant"] = static forge => forge.Signed(forge.Header, forge.Change("tid", SampleDirectory.FabrikamId)),
        ["no tenant"] = static forge => forge.Signed(forge.Header, forge.Change("tid", null)),
    };

    public static TheoryData<string> Attacks => [.. s_attacks.Keys];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Token_is_refused(string attack)
    {
        var token = s_attacks[attack](await CreateForgeAsync());

        using var response = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), token);

        var body = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{response.StatusCode} {body}");
        Assert.Contains("error=\"invalid_token\"", Assert.Single(response.Headers.GetValues("WWW-Authenticate")), StringComparison.Ordinal);
        Assert.DoesNotContain("IDX", body + response.Headers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Mcp.Use.All")]
    [InlineData("Files.Read")]
    public async Task Token_without_the_scope_gets_403(string? scope)
    {
        var forge = await CreateForgeAsync();

        using var response = await server.SendAsync(
            Messages.PostStateless(Messages.StatelessListTools), forge.Signed(forge.Header, forge.Change("scp", scope)));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Token_of_one_host_name_is_refused_at_another()
    {
        var forge = await CreateForgeAsync();
        using var request = Messages.PostStateless(Messages.StatelessListTools);
        request.Headers.Host = "localhost:" + server.Server.Url.Port;

        using var response = await server.SendAsync(request, forge.Token);
        using var valid = await server.SendAsync(Messages.PostStateless(Messages.StatelessListTools), forge.Token);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, valid.StatusCode);
    }

    [Fact]
    public async Task Tokens_and_clients_of_a_lost_key_ring_are_refused()
    {
        using var client = await server.RegisterAsync();
        var tokens = await client.SignInAsync();
        var code = (await client.AuthorizeAsync())["code"];
        await using var restored = await server.StartServerAsync(new Dictionary<string, string?>());
        using var after = new AuthorizationDriver(server.Server.Url, server.Emulator, restored.Url) { ClientId = client.ClientId };
        using var fresh = await new AuthorizationDriver(server.Server.Url, server.Emulator, restored.Url).RegisterAsync();
        using var request = Messages.PostStateless(Messages.StatelessListTools).WithToken(tokens.AccessToken);
        request.Headers.Host = server.Server.Url.Authority;

        using var call = await restored.Client.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, call.StatusCode);
        AttackedSignIn.AssertRefused(await after.RefreshAsync(tokens.RefreshToken), "invalid_client");
        AttackedSignIn.AssertRefused(await fresh.RefreshAsync(tokens.RefreshToken), "invalid_grant");
        AttackedSignIn.AssertRefused(await fresh.RedeemAsync(code), "invalid_grant");
    }

    private async Task<Forge> CreateForgeAsync()
    {
        using var client = await server.RegisterAsync();
        var keys = server.Server.Services.GetRequiredService<SigningKeys>();
        var key = (ECDsaSecurityKey)(await keys.GetCurrentAsync(Cancelled)).Key;
        return new Forge(
            (await client.SignInAsync()).AccessToken, key, server.Emulator.Keys.Current.Certificate, s_attackersKey);
    }
}

using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Emulators.Entra;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests the cache of validated tokens.</summary>
public sealed class ValidatedTokensTests : IDisposable
{
    private static readonly X509SecurityKey s_key = SigningKeys.Create();

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly CountingHandler _handler = new();
    private readonly ValidatedTokens _tokens;

    public ValidatedTokensTests() => _tokens = new ValidatedTokens(_handler, _time);

    public void Dispose() => _tokens.Dispose();

    [Fact]
    public async Task Valid_token_is_validated_once()
    {
        var token = Token();

        Assert.True((await ValidateAsync(token)).IsValid);
        Assert.True((await ValidateAsync(token)).IsValid);

        Assert.Equal(1, _handler.Validations);
    }

    [Fact]
    public async Task Valid_token_is_cached_until_it_expires()
    {
        var token = Token();
        await ValidateAsync(token);

        _time.Advance(TimeSpan.FromHours(1) + TokenValidationParameters.DefaultClockSkew);
        await ValidateAsync(token);

        Assert.Equal(2, _handler.Validations);
    }

    [Fact]
    public async Task Cached_token_is_refused_after_its_key_is_withdrawn()
    {
        var token = Token();
        await ValidateAsync(token);

        Assert.True((await ValidateAsync(token, s_key, SigningKeys.Create())).IsValid);
        Assert.Equal(1, _handler.Validations);
        Assert.False((await ValidateAsync(token, SigningKeys.Create())).IsValid);
    }

    [Fact]
    public async Task Invalid_token_is_not_cached()
    {
        var token = Token() + "x";

        Assert.False((await ValidateAsync(token)).IsValid);
        Assert.False((await ValidateAsync(token)).IsValid);

        Assert.Equal(0, _tokens.Count);
    }

    private static string Token() => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Audience = "a",
        Issuer = "i",
        Expires = DateTime.UtcNow.AddHours(1),
        SigningCredentials = new SigningCredentials(s_key, SecurityAlgorithms.RsaSha256),
    });

    private Task<TokenValidationResult> ValidateAsync(string token, params SecurityKey[] keys)
    {
        var configuration = new OpenIdConnectConfiguration { Issuer = "i" };
        foreach (var key in keys.DefaultIfEmpty(s_key))
        {
            configuration.SigningKeys.Add(key);
        }

        return _tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAudience = "a",
            ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(configuration),
        });
    }

    private sealed class CountingHandler : JsonWebTokenHandler
    {
        public int Validations { get; private set; }

        public override Task<TokenValidationResult> ValidateTokenAsync(string token, TokenValidationParameters validationParameters)
        {
            Validations++;
            return base.ValidateTokenAsync(token, validationParameters);
        }
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.AuthorizationServer;
using RemoteMcp.AuthorizationServer.Clients;
using RemoteMcp.Storage;
using Xunit;

namespace RemoteMcp.Tests.AuthorizationServer;

/// <summary>Tests that an invalid setting of the authorization server is reported with its name, its value, and the remedy.</summary>
public sealed class AuthorizationServerOptionsTests
{
    [Theory]
    [InlineData("00:00:59", "30.00:00:00", "AccessTokenLifetime is 00:00:59. Set it to a time from 00:01:00 to 01:00:00.")]
    [InlineData("01:00:01", "30.00:00:00", "AccessTokenLifetime is 01:00:01.")]
    [InlineData("01:00:00", "00:59:59", "RefreshTokenLifetime is 00:59:59. Set it to a time from 01:00:00 to 90.00:00:00.")]
    [InlineData("01:00:00", "90.00:00:01", "RefreshTokenLifetime is 90.00:00:01.")]
    public void Lifetime_out_of_range_is_reported(string access, string refresh, string error)
    {
        var failure = Assert.Single(Failures(options =>
        {
            options.AccessTokenLifetime = TimeSpan.Parse(access, null);
            options.RefreshTokenLifetime = TimeSpan.Parse(refresh, null);
        }));

        Assert.StartsWith("RemoteMcp:AuthorizationServer:" + error, failure);
    }

    [Theory]
    [InlineData("tools.contoso.com")]
    [InlineData("TOOLS.contoso.com")]
    [InlineData("xn--bro-hoa.example")]
    [InlineData("myapp:")]
    [InlineData("com.contoso.app:")]
    [InlineData("vscode-insiders:")]
    public void Host_or_scheme_of_an_app_is_a_valid_redirect(string entry) =>
        Assert.Empty(Failures(options => options.AllowedRedirects.Add(entry)));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("*")]
    [InlineData("*.contoso.com")]
    [InlineData("https://tools.contoso.com")]
    [InlineData("https://tools.contoso.com/callback")]
    [InlineData("tools.contoso.com/callback")]
    [InlineData("tools.contoso.com:8443")]
    [InlineData("tools.contoso.com.")]
    [InlineData("user@contoso.com")]
    [InlineData("büro.example")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("myapp")]
    [InlineData("myapp://")]
    [InlineData("my app:")]
    [InlineData("1app:")]
    [InlineData(":")]
    [InlineData("javascript:")]
    [InlineData("JavaScript:")]
    [InlineData("data:")]
    [InlineData("file:")]
    [InlineData("http:")]
    [InlineData("https:")]
    public void Other_redirect_is_reported(string entry)
    {
        var failure = Assert.Single(Failures(options => options.AllowedRedirects.Add(entry)));

        Assert.StartsWith($"RemoteMcp:AuthorizationServer:AllowedRedirects contains '{entry}'. List host names", failure);
    }

    [Fact]
    public void Certificate_must_exist()
    {
        Assert.Contains("CertificatePath is '/no/such.pem'", Assert.Single(Failures(options => options.CertificatePath = "/no/such.pem")));
        Assert.Empty(Failures(static options => options.CertificatePath = typeof(AuthorizationServerOptionsTests).Assembly.Location));
        Assert.Empty(Failures(static options => options.CertificatePath = ""));
    }

    [Fact]
    public void Default_settings_are_valid() => Assert.Empty(Failures(static _ => { }));

    [Fact]
    public void Services_of_clients_are_complete()
    {
        using var provider = new ServiceCollection()
            .AddLogging()
            .AddOptions()
            .AddSingleton<IStateStore>(new MemoryStateStore(TimeProvider.System))
            .AddClients(new ConfigurationBuilder().Build())
            .BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });

        Assert.NotNull(provider.GetRequiredService<ClientResolver>());
        Assert.NotNull(provider.GetRequiredService<ClientRegistration>());
        Assert.Contains(
            provider.GetServices<IValidateOptions<AuthorizationServerOptions>>(),
            static validator => validator is AuthorizationServerOptionsValidator);
    }

    private static IEnumerable<string> Failures(Action<AuthorizationServerOptions> configure)
    {
        var options = new AuthorizationServerOptions();
        configure(options);
        return new AuthorizationServerOptionsValidator().Validate(null, options).Failures ?? [];
    }
}

using Microsoft.Extensions.Options;
using RemoteMcp.Tests.Http;
using Xunit;

namespace RemoteMcp.Tests.Auth;

/// <summary>Tests that an invalid setting in <c>RemoteMcp:Auth</c> fails at the start, not at the first call.</summary>
public sealed class AuthSettingsTests
{
    private const string Id = "10000000-0000-4000-8000-000000000001";

    [Theory]
    [InlineData("Auth:TenantId", null, "TenantId is ''", "az account show")]
    [InlineData("Auth:TenantId", "common", "TenantId is 'common'", "GUID")]
    [InlineData("Auth:TenantId", "contoso.example", "TenantId is 'contoso.example'", "GUID")]
    [InlineData("Auth:TenantId", "organizations", "AllowedTenants is empty", "List the ids")]
    [InlineData("Auth:ClientId", "", "ClientId is ''", "application (client) id")]
    [InlineData("Auth:ClientId", "remote-mcp", "ClientId is 'remote-mcp'", "GUID")]
    [InlineData("Auth:Instance", "http://login.microsoftonline.com/", "Instance is 'http://login.microsoftonline.com/'", "https")]
    [InlineData("Auth:Instance", "login.microsoftonline.com", "Instance is 'login.microsoftonline.com'", "https")]
    [InlineData("Auth:AllowedTenants:0", "contoso", "AllowedTenants contains 'contoso'", "GUIDs")]
    [InlineData("Auth:AllowedClients:0", "vscode", "AllowedClients contains 'vscode'", "GUIDs")]
    [InlineData("Auth:Audiences:0", "remote-mcp", "Audiences contains 'remote-mcp'", "api://")]
    [InlineData("Auth:Audiences:0", "https://tools.contoso.com/mcp?x=\"", "Audiences contains", "identifier URIs")]
    [InlineData("Auth:RequiredScope", "", "RequiredScope is ''", "1 to 120")]
    [InlineData("Auth:RequiredScope", "api://x/Mcp.Use", "RequiredScope is 'api://x/Mcp.Use'", "without the identifier URI")]
    [InlineData("Auth:RequiredScope", "Mcp.Use Files.Read", "RequiredScope is", "letters, digits")]
    [InlineData("Auth:RequiredRole", "a\"b", "RequiredRole is", "letters, digits")]
    public async Task Invalid_setting_stops_the_start_with_its_value_and_remedy(
        string setting, string? value, string problem, string remedy)
    {
        var settings = Entra();
        settings["RemoteMcp:" + setting] = value;

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServerHost.StartAsync(settings));

        var failure = Assert.Single(refused.Failures);
        Assert.StartsWith("RemoteMcp:Auth:", failure, StringComparison.Ordinal);
        Assert.Contains(problem, failure, StringComparison.Ordinal);
        Assert.Contains(remedy, failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RemoteMcp:Auth:Mode", "OAuth")]
    [InlineData("RemoteMcp:Auth:Tenant", Id)]
    [InlineData("RemoteMcp:Auth:ClientSecret", "s3cret")]
    public async Task Unknown_mode_or_setting_stops_the_start(string setting, string value)
    {
        var settings = Entra();
        settings[setting] = value;

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => TestServerHost.StartAsync(settings));

        Assert.StartsWith(setting, Assert.Single(refused.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TenantId")]
    [InlineData("ClientId")]
    public async Task Tenant_or_client_without_a_mode_stops_the_start(string setting)
    {
        var refused = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestServerHost.StartAsync(new Dictionary<string, string?> { ["RemoteMcp:Auth:" + setting] = Id }));

        Assert.Contains(
            $"RemoteMcp:Auth:Mode is 'None', but RemoteMcp:Auth:{setting} is set",
            Assert.Single(refused.Failures),
            StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Entra() => new()
    {
        ["RemoteMcp:Auth:Mode"] = "Entra",
        ["RemoteMcp:Auth:TenantId"] = Id,
        ["RemoteMcp:Auth:ClientId"] = Id,
    };
}

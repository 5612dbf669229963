using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Configuration;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Configuration;

/// <summary>Tests that an unknown setting or an unreadable value stops the start before the host is built.</summary>
[Collection(nameof(NonParallel))]
public sealed class UnknownSettingTests
{
    /// <summary>Gets a misspelled key and a misspelled section for each options class.</summary>
    public static TheoryData<string, string> Misspelled => new()
    {
        { "RemoteMcp:Nmae", "RemoteMcp:Name" },
        { "RemoteMcp:PublicUri", "RemoteMcp:PublicUrl" },
        { "RemoteMcp:Http:KeepAlives", "RemoteMcp:Http:KeepAlive" },
        { "RemoteMcp:Htp:KeepAlive", "RemoteMcp:Http" },
        { "RemoteMcp:Auth:Moode", "RemoteMcp:Auth:Mode" },
        { "RemoteMcp:Autth:Mode", "RemoteMcp:Auth" },
        { "RemoteMcp:DataProtection:KeyVaultKy", "RemoteMcp:DataProtection:KeyVaultKey" },
        { "RemoteMcp:DataProtektion:KeyVaultKey", "RemoteMcp:DataProtection" },
        { "RemoteMcp:Stdio:EndOfInputGrce", "RemoteMcp:Stdio:EndOfInputGrace" },
        { "RemoteMcp:Stdo:EndOfInputGrace", "RemoteMcp:Stdio" },
        { "RemoteMcp:Limits:RequestPerMinute", "RemoteMcp:Limits:RequestsPerMinute" },
        { "RemoteMcp:Lmits:RequestsPerMinute", "RemoteMcp:Limits" },
        { "RemoteMcp:Sessions:Lifetme", "RemoteMcp:Sessions:Lifetime" },
        { "RemoteMcp:Session:Lifetime", "RemoteMcp:Sessions" },
        { "RemoteMcp:Fleet:Leese", "RemoteMcp:Fleet:Lease" },
        { "RemoteMcp:Flet:Lease", "RemoteMcp:Fleet" },
        { "RemoteMcp:HomePage:ShowTool", "RemoteMcp:HomePage:ShowTools" },
        { "RemoteMcp:HomePages:ShowTools", "RemoteMcp:HomePage" },
        { "RemoteMcp:AuthorizationServer:AccessTokenLifetimes", "RemoteMcp:AuthorizationServer:AccessTokenLifetime" },
        { "RemoteMcp:AuthorisationServer:AccessTokenLifetime", "RemoteMcp:AuthorizationServer" },
        { "RemoteMcp:Elicitation:StateLifetimes", "RemoteMcp:Elicitation:StateLifetime" },
        { "RemoteMcp:Elicitaton:StateLifetime", "RemoteMcp:Elicitation" },
        { "RemoteMcp:Storage:TableEndpont", "RemoteMcp:Storage:TableEndpoint" },
        { "RemoteMcp:Storge:TableEndpoint", "RemoteMcp:Storage" },
        { "RemoteMcp:ManagedIdentity:ClientID2", "RemoteMcp:ManagedIdentity:ClientId" },
        { "RemoteMcp:ManagedIdentitty:ClientId", "RemoteMcp:ManagedIdentity" },
        { "RemoteMcp:Files:MaxReadLenght", "RemoteMcp:Files:MaxReadLength" },
        { "RemoteMcp:File:MaxReadLength", "RemoteMcp:Files" },
        { "RemoteMcp:Analytics:TimeZones", "RemoteMcp:Analytics:TimeZone" },
        { "RemoteMcp:Analitics:TimeZone", "RemoteMcp:Analytics" },
        { "RemoteMcp:Account:GraphEndpont", "RemoteMcp:Account:GraphEndpoint" },
        { "RemoteMcp:Acount:GraphEndpoint", "RemoteMcp:Account" },
        { "RemoteMcp:Azure:Enable", "RemoteMcp:Azure:Enabled" },
        { "RemoteMcp:Azur:Enabled", "RemoteMcp:Azure" },
        { "RemoteMcp:Auth:Tools:read_file:Scope:0", "RemoteMcp:Auth:Tools:read_file:Scopes" },
    };

    [Theory, MemberData(nameof(Misspelled))]
    public void Misspelled_setting_is_refused_with_the_nearest_name(string setting, string nearest)
    {
        var problem = Assert.Single(Problems(setting, "s3cret"));

        Assert.StartsWith($"{setting} (set by --set {setting}) does not exist", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problem, StringComparison.Ordinal);
        Assert.EndsWith($"Did you mean {nearest}?", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_options_class_has_a_row_for_a_key_and_for_a_section()
    {
        var sections = Services(new ConfigurationBuilder().Build())
            .Where(static service => service.ServiceType == typeof(KnownSection))
            .Select(static service => ((KnownSection)service.ImplementationInstance!).Path)
            .Distinct();
        var nearest = Misspelled.Select(static row => row.Data.Item2).ToList();

        Assert.All(sections, section =>
        {
            Assert.Contains(section, nearest);
            Assert.Contains(nearest, each => each.StartsWith(section + ":", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("RemoteMcp:Http:KeepAlive", "10", "A number alone has no unit. Write a time as hours:minutes:seconds, e.g. 00:00:15.")]
    [InlineData("RemoteMcp:Http:KeepAlive", "15s", "Write a time as hours:minutes:seconds, e.g. 00:00:15.")]
    [InlineData("RemoteMcp:Sessions:Lifetime", "-1", "A number alone has no unit. Write a time as hours:minutes:seconds, e.g. 00:00:15.")]
    [InlineData("RemoteMcp:Http:MaxRequestBytes", "4MB", "Write a whole number.")]
    [InlineData("RemoteMcp:Files:AllowChanges", "yes", "Write true or false.")]
    [InlineData("RemoteMcp:Auth:Mode", "Entraa", "Write one of None, Entra.")]
    [InlineData("RemoteMcp:Auth:Mode", "1", "Write one of None, Entra.")]
    [InlineData(
        "RemoteMcp:Http:AllowedHosts",
        "tools.contoso.com",
        "but it is a list. Set each entry separately: RemoteMcp:Http:AllowedHosts:0, RemoteMcp:Http:AllowedHosts:1, and so on.")]
    [InlineData("RemoteMcp:Files", "/srv", "but it is a section.")]
    [InlineData(
        "RemoteMcp:Auth:Tools",
        "write_file",
        "but it is a section. Set RemoteMcp:Auth:Tools:NAME:Roles, RemoteMcp:Auth:Tools:NAME:Scopes.")]
    [InlineData("RemoteMcp:Sessions:Lifetime", "24:00:00", "24 hours are 1.00:00:00.")]
    [InlineData("RemoteMcp:Azure:Enabled", "1", "Write true or false.")]
    public void Unreadable_value_is_refused_with_the_expected_format(string setting, string value, string remedy)
    {
        var problem = Assert.Single(Problems(setting, value));

        Assert.StartsWith($"{setting} is '{value}'", problem, StringComparison.Ordinal);
        Assert.Contains(remedy, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "RemoteMcp:Auth:AllowedTenants:contoso", "Write RemoteMcp:Auth:AllowedTenants:0, RemoteMcp:Auth:AllowedTenants:1, and so on.")]
    [InlineData("RemoteMcp:Auth:AllowedTenants:0:Id", "does not exist. Remove it.")]
    public void List_entry_that_binds_to_nothing_is_refused(string setting, string remedy) =>
        Assert.EndsWith(remedy, Assert.Single(Problems(setting, "x")), StringComparison.Ordinal);

    [Fact]
    public void Environment_variable_is_named_as_it_was_written()
    {
        const string name = "RemoteMcp__Limtis__RequestsPerMinute";
        Environment.SetEnvironmentVariable(name, "5");
        try
        {
            Assert.Contains(
                $"(set by the environment variable {name})",
                Assert.Single(Problems(new ConfigurationBuilder().AddEnvironmentVariables().Build())),
                StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void Known_settings_pass_in_any_letter_case() => Assert.Empty(Problems(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["RemoteMcp:Name"] = "team",
            ["remotemcp:http:keepalive"] = "00:00:10",
            ["RemoteMcp:Http:AllowedHosts:0"] = "tools.contoso.com",
            ["RemoteMcp:Auth:Tools:read_file:Scopes:0"] = "Files.Read",
            ["RemoteMcp:Auth:Mode"] = "entra",
            ["RemoteMcp:HomePage:ShowTools"] = "",
            ["RemoteMcp:Storage:TableEndpoint"] = "",
            ["Other:Section"] = "x",
        }).Build()));

    private static IReadOnlyList<string> Problems(string setting, string value) =>
        Problems(new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build());

    private static IReadOnlyList<string> Problems(IConfiguration configuration)
    {
        try
        {
            Services(configuration).ValidateSettings(configuration);
            return [];
        }
        catch (OptionsValidationException exception)
        {
            return [.. exception.Failures];
        }
    }

    private static ServiceCollection Services(IConfiguration configuration)
    {
        var services = new ServiceCollection();
        services.AddRemoteMcp(configuration).WithTeamTools(configuration);
        return services;
    }
}

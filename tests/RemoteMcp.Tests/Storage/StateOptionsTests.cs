using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RemoteMcp.Storage;
using RemoteMcp.Storage.Tables;
using Xunit;

namespace RemoteMcp.Tests.Storage;

public sealed class StateOptionsTests
{
    private const string Key = "c2VjcmV0LWtleS1vZi1hLXJlYWwtYWNjb3VudA==";
    private const string RealAccount =
        "DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=" + Key + ";EndpointSuffix=core.windows.net";
    private const string Azurite =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=" + Key
            + ";TableEndpoint=http://127.0.0.1:10002/devstoreaccount1;";

    [Fact]
    public void Without_settings_the_state_is_in_memory() => Assert.IsType<MemoryStateStore>(Open());

    [Theory]
    [InlineData("TableEndpoint", "https://contoso.table.core.windows.net")]
    [InlineData("TableEndpoint", " https://contoso.table.core.windows.net/ ")]
    [InlineData("ConnectionString", "UseDevelopmentStorage=true")]
    [InlineData("ConnectionString", Azurite)]
    [InlineData(
        "ConnectionString", "AccountName=devstoreaccount1;AccountKey=" + Key + ";TableEndpoint=http://azurite:10002/devstoreaccount1")]
    [InlineData("ConnectionString", "AccountName=own;AccountKey=" + Key + ";TableEndpoint=http://localhost:10002/own")]
    public void An_account_setting_selects_table_storage(string setting, string value) =>
        Assert.IsType<TableStateStore>(Open((setting, value)));

    [Theory]
    [InlineData("memory")]
    [InlineData("Memory")]
    public void The_provider_Memory_overrides_an_account_setting(string provider) =>
        Assert.IsType<MemoryStateStore>(Open(("Provider", provider), ("TableEndpoint", "https://contoso.table.core.windows.net")));

    [Fact]
    public void A_client_id_selects_a_user_assigned_identity() => Assert.IsType<TableStateStore>(
        Open(
            ("TableEndpoint", "https://contoso.table.core.windows.net"),
            ("ManagedIdentityClientId", "0b1f6471-1bf0-4dda-aec3-111122223333")));

    [Fact]
    public void Empty_settings_count_as_missing() =>
        Assert.IsType<MemoryStateStore>(
            Open(("Provider", ""), ("TableEndpoint", ""), ("ConnectionString", " "), ("ManagedIdentityClientId", "")));

    [Theory]
    [InlineData("Provider", "Redis", "'Redis'", "Memory or Table")]
    [InlineData("Provider", "Table", "'Table'", "RemoteMcp:Storage:TableEndpoint")]
    [InlineData("TableEndpoint", "contoso", "not an absolute URL", "https://ACCOUNT.table.core.windows.net")]
    [InlineData("TableEndpoint", "http://contoso.table.core.windows.net", "'http://contoso.table.core.windows.net'", "https")]
    [InlineData(
        "TableEndpoint", "https://contoso.table.core.windows.net?sv=1&sig=" + Key, "contoso.table.core.windows.net", "possibly a secret")]
    [InlineData("ConnectionString", RealAccount, "contoso.table.core.windows.net", "RemoteMcp:Storage:TableEndpoint")]
    [InlineData(
        "ConnectionString",
        "AccountName=contoso;AccountKey=" + Key + ";TableEndpoint=https://contoso.table.core.windows.net",
        "real account",
        "managed identity")]
    [InlineData(
        "ConnectionString",
        "BlobEndpoint=https://contoso.blob.core.windows.net;SharedAccessSignature=sv=1&sig=" + Key,
        "TableEndpoint",
        "managed identity")]
    [InlineData(
        "ConnectionString",
        "TableEndpoint=https://contoso.table.core.windows.net;SharedAccessSignature=sv=1&sig=" + Key,
        "real account",
        "managed identity")]
    [InlineData(
        "ConnectionString",
        "AccountName=devstoreaccount1;AccountKey=" + Key,
        "devstoreaccount1.table.core.windows.net",
        "with its TableEndpoint")]
    [InlineData("ConnectionString", "UseDevelopmentStorage=yes", "not a connection string", "UseDevelopmentStorage=true")]
    [InlineData(
        "ConnectionString",
        "AccountName=devstoreaccount1;AccountKey=%%%;TableEndpoint=http://127.0.0.1:1/devstoreaccount1",
        "not a connection string",
        "UseDevelopmentStorage=true")]
    [InlineData("ConnectionString", Key, "not a connection string", "UseDevelopmentStorage=true")]
    [InlineData("ManagedIdentityClientId", "my-identity", "'my-identity'", "GUID")]
    [InlineData("TablePrefix", "my-prefix", "'my-prefix'", "letters and digits")]
    [InlineData("TablePrefix", "1st", "'1st'", "start with a letter")]
    [InlineData("TablePrefix", "p2345678901234567890123456789012", "'p2345678901234567890123456789012'", "31")]
    [InlineData("SweepInterval", "00:00:10", "00:00:10", "00:01:00")]
    [InlineData("SweepInterval", "10", "10.00:00:00", "to 1.00:00:00")]
    public void A_wrong_setting_is_refused_with_its_name_its_value_and_the_remedy(string setting, string value, string shown, string remedy)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Open((setting, value)));
        var failure = Assert.Single(error.Failures);
        Assert.StartsWith($"RemoteMcp:Storage:{setting}", failure, StringComparison.Ordinal);
        Assert.Contains(shown, failure, StringComparison.Ordinal);
        Assert.Contains(remedy, failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_endpoint_and_a_connection_string_together_are_refused()
    {
        var error = Assert.Throws<OptionsValidationException>(
            () => Open(("TableEndpoint", "https://contoso.table.core.windows.net"), ("ConnectionString", "UseDevelopmentStorage=true")));
        Assert.Contains("both set", Assert.Single(error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([new("RemoteMcp:Storage:ConnectionString", RealAccount)]);
        builder.Services.AddStorage(builder.Configuration);
        using var host = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_table_is_declared_once_and_swept()
    {
        using var services = Services().AddStateTable("Things").BuildServiceProvider();
        Assert.Equal(["Leases", "Things"], services.GetServices<StateTable>().Select(table => table.Name));
        Assert.IsType<ExpirySweeper>(Assert.Single(services.GetServices<IHostedService>()));
        Assert.Throws<ArgumentException>(() => Services().AddStateTable("no-table-name"));
    }

    private static IStateStore Open(params (string Name, string Value)[] settings) =>
        Services(settings).BuildServiceProvider().GetRequiredService<IStateStore>();

    private static IServiceCollection Services(params (string Name, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                settings.Select(setting => KeyValuePair.Create($"RemoteMcp:Storage:{setting.Name}", (string?)setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddStorage(configuration);
    }
}

using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Tools;
using RemoteMcp.Tools.Files;
using RemoteMcp.Tools.Files.Store;
using RemoteMcp.Tools.Files.Store.Blobs;
using RemoteMcp.Tools.Files.Store.Local;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>Tests that an invalid setting stops the server. The error contains the name, the value, and the solution.</summary>
public sealed class FilesOptionsTests
{
    [Theory]
    [InlineData("Root", "/no/such/folder", "existing folder")]
    [InlineData("Root", "", "existing folder")]
    [InlineData("TimeLimit", "00:00:00", "00:00:01 to 00:10:00")]
    [InlineData("TimeLimit", "1.00:00:00", "00:00:01 to 00:10:00")]
    [InlineData("Parallelism", "0", "1 to 16")]
    [InlineData("Parallelism", "17", "1 to 16")]
    [InlineData("MaxReadLength", "1", "1000 to 1000000")]
    [InlineData("MaxWriteBytes", "17000000", "1024 to 16777216")]
    [InlineData("MaxResourceBytes", "-1", "1024 to 16777216")]
    public void Setting_out_of_range_is_reported_with_value_and_remedy(string name, string value, string remedy)
    {
        var message = Assert.Throws<OptionsValidationException>(() => Bind((name, value))).Message;

        Assert.Contains($"RemoteMcp:Files:{name} is ", message);
        Assert.Contains(value, message);
        Assert.Contains(remedy, message);
    }

    [Fact]
    public void Setting_of_the_wrong_type_is_reported() =>
        Assert.Contains(
            "RemoteMcp:Files:Parallelism", Assert.Throws<InvalidOperationException>(() => Bind(("Parallelism", "many"))).Message);

    [Fact]
    public void All_invalid_settings_are_reported_together() =>
        Assert.Equal(
            2, Assert.Throws<OptionsValidationException>(() => Bind(("Parallelism", "99"), ("MaxReadLength", "1"))).Failures.Count());

    [Fact]
    public void Current_folder_is_shared_by_default()
    {
        using var provider = Provide();

        Assert.Null(provider.GetRequiredService<IOptions<FilesOptions>>().Value.Root);
        Assert.IsType<LocalFileStore>(provider.GetRequiredService<IFileStore>());
    }

    [Theory]
    [InlineData("https://team.blob.core.windows.net/files", null)]
    [InlineData("https://team.blob.core.windows.net/files/", null)]
    [InlineData("https://team.blob.core.windows.net/files/docs/2026 plans", "")]
    [InlineData("https://team.blob.core.windows.net/$web", null)]
    [InlineData("https://127.0.0.1:10000/devstoreaccount1/files", null)]
    public void Container_replaces_the_folder(string container, string? root)
    {
        using var provider = Provide(("Container", container), ("Root", root), ("ConnectionString", ""));

        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.IsType<BlobFileStore>(provider.GetRequiredService<IFileStore>());
    }

    [Fact]
    public void Empty_container_setting_means_the_folder()
    {
        using var provider = Provide(("Container", " "), ("ConnectionString", ""));

        provider.GetRequiredService<IStartupValidator>().Validate();
        Assert.IsType<LocalFileStore>(provider.GetRequiredService<IFileStore>());
    }

    [Theory]
    [InlineData("files", "not an absolute URL")]
    [InlineData("http://team.blob.core.windows.net/files", "not https")]
    [InlineData("https://team.blob.core.windows.net/", "names the container ''")]
    [InlineData("https://team.blob.core.windows.net/Files", "names the container 'Files'")]
    [InlineData("https://team.blob.core.windows.net/a--b", "names the container 'a--b'")]
    [InlineData("https://team.blob.core.windows.net/ab", "names the container 'ab'")]
    [InlineData("https://team.blob.core.windows.net/files/a//b", "empty name")]
    [InlineData("https://team.blob.core.windows.net/files/%2e%2e%5cx", "contains")]
    [InlineData("https://team.blob.core.windows.net/files/..%2F..%2Fother", "lead upwards")]
    [InlineData("https://team.blob.core.windows.net/files/\u202Eabc", "U+202E")]
    public void Invalid_container_is_reported_with_the_remedy(string container, string remedy)
    {
        var message = Assert.Throws<OptionsValidationException>(() => Bind(("Container", container))).Message;

        Assert.StartsWith("RemoteMcp:Files:Container ", message);
        Assert.Contains(remedy, message);
    }

    [Theory]
    [InlineData("https://team.blob.core.windows.net/files?sv=2024&sig=SECRET")]
    [InlineData("https://user:SECRET@team.blob.core.windows.net/files")]
    [InlineData("https://team.blob.core.windows.net/files#SECRET")]
    public void A_secret_in_the_address_is_refused_and_not_repeated(string container)
    {
        var message = Assert.Throws<OptionsValidationException>(() => Bind(("Container", container))).Message;

        Assert.Contains("RemoteMcp:Files:Container (on team.blob.core.windows.net) contains more than an address", message);
        Assert.DoesNotContain("SECRET", message);
    }

    [Fact]
    public void All_conflicts_with_a_container_are_reported_together()
    {
        string[] failures = [.. Assert.Throws<OptionsValidationException>(() => Bind(
            ("Container", "files"), ("Root", "."), ("AllowChanges", "true"),
            ("ConnectionString", "DefaultEndpointsProtocol=https;AccountName=team;AccountKey=U0VDUkVU;"
                + "EndpointSuffix=core.windows.net"))).Failures];

        Assert.Equal(3, failures.Length);
        Assert.Contains("RemoteMcp:Files:Root is '.', and RemoteMcp:Files:Container is set too", failures[0]);
        Assert.Contains("RemoteMcp:Files:AllowChanges is true, but the files of a container are read only", failures[1]);
        Assert.Contains("RemoteMcp:Files:ConnectionString is for a real account, on team.blob.core.windows.net", failures[2]);
        Assert.DoesNotContain("U0VDUkVU", failures[2]);
    }

    [Fact]
    public void Connection_string_without_a_container_is_reported() =>
        Assert.Contains(
            "is set without a container",
            Assert.Throws<OptionsValidationException>(() => Bind(("ConnectionString", "UseDevelopmentStorage=true"))).Message);

    [Fact]
    public void Container_is_only_a_name_with_Azurite() =>
        Assert.Equal("files/docs", Bind(("ConnectionString", "UseDevelopmentStorage=true"), ("Container", " files/docs ")).Container);

    private static FilesOptions Bind(params (string Name, string? Value)[] settings)
    {
        using var provider = Provide(settings);
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider.GetRequiredService<IOptions<FilesOptions>>().Value;
    }

    private static ServiceProvider Provide(params (string Name, string? Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => "RemoteMcp:Files:" + s.Name, s => s.Value))
            .Build();
        var services = new ServiceCollection().AddLogging();
        services.AddRemoteMcpServer(configuration).WithTeamTools(configuration);
        return services.BuildServiceProvider();
    }
}

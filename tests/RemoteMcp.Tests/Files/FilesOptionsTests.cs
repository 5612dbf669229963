using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RemoteMcp.Tools;
using RemoteMcp.Tools.Files;
using Xunit;

namespace RemoteMcp.Tests.Files;

/// <summary>A wrong setting stops the server with its name, its value and the remedy.</summary>
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
    public void A_setting_out_of_bounds_is_named_with_value_and_remedy(string name, string value, string remedy)
    {
        string message = Assert.Throws<OptionsValidationException>(() => Bind((name, value))).Message;

        Assert.Contains($"RemoteMcp:Files:{name} is ", message);
        Assert.Contains(value, message);
        Assert.Contains(remedy, message);
    }

    [Fact]
    public void A_setting_of_the_wrong_type_is_named() =>
        Assert.Contains("RemoteMcp:Files:Parallelism", Assert.Throws<InvalidOperationException>(() => Bind(("Parallelism", "many"))).Message);

    [Fact]
    public void Every_wrong_setting_is_told_at_once() =>
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(() => Bind(("Parallelism", "99"), ("MaxReadLength", "1"))).Failures.Count());

    [Fact]
    public void Without_settings_the_current_folder_is_shared() => Assert.Equal(".", Bind().Root);

    private static FilesOptions Bind(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(s => "RemoteMcp:Files:" + s.Name, s => (string?)s.Value))
            .Build();
        var services = new ServiceCollection();
        services.AddMcpServer().WithTeamTools(configuration);
        using ServiceProvider provider = services.BuildServiceProvider();
        provider.GetRequiredService<IStartupValidator>().Validate();
        return provider.GetRequiredService<IOptions<FilesOptions>>().Value;
    }
}

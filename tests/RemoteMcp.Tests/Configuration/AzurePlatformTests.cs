using Microsoft.Extensions.Configuration;
using RemoteMcp.Configuration;
using Xunit;

namespace RemoteMcp.Tests.Configuration;

/// <summary>Tests how the server recognizes that it runs on Azure.</summary>
public sealed class AzurePlatformTests
{
    [Theory]
    [InlineData("contoso-mcp.azurewebsites.net", true)]
    [InlineData("localhost-tools.azurewebsites.net", true)]
    [InlineData("127.0.0.1.contoso.com", true)]
    [InlineData("localhost:7071", false)]
    [InlineData("127.0.0.1:7071", false)]
    [InlineData("[::1]:7071", false)]
    [InlineData("", false)]
    public void Only_a_loopback_host_name_is_local(string hostName, bool isOnAzure)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("WEBSITE_HOSTNAME", hostName)]).Build();

        Assert.Equal(isOnAzure, AzurePlatform.IsAppService(configuration));
        Assert.Equal(isOnAzure ? hostName : null, AzurePlatform.HostName(configuration));
    }
}

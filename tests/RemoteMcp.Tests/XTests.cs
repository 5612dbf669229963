using Xunit;
namespace RemoteMcp.Tests;
public sealed class XTests { [Fact] public void Ok() => Assert.Equal(1, 1); }
